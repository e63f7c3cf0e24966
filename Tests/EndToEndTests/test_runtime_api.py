"""The Runtime API, well and badly behaved: what is posted, and the exact calls in their order."""

import json
import os
import signal
import time

import pytest
from support.envelope import check
from support.processes import wait_until
from support.runtime_api import (
    Answers,
    Hands,
    HandsHalf,
    HandsInChunks,
    HandsLate,
    HandsSlowly,
    HandsWhen,
    HangsUpWhen,
    Resets,
    RuntimeAPI,
    runtime,
)
from support.runtime_calls import ARN

START = ["register", "wait", "next"]
MOST_BYTES = 6_291_556


def answer_to(event: dict | bytes, tmp_path, id: str = "1", **fields) -> dict:
    """Returns the envelope that is posted for one event."""
    with RuntimeAPI(Hands(event, id=id, **fields)) as api, runtime(api, tmp_path):
        api.wait_for(*START, f"response {id}", "next")
        return check(api.find(f"response {id}").json)


@pytest.mark.parametrize("behaviour", [HandsLate, HandsSlowly, HandsInChunks], ids=["late", "slow", "split"])
def test_an_event_is_answered_however_it_arrives(tmp_path, behaviour):
    with RuntimeAPI(behaviour({"code": "6 * 7"})) as api, runtime(api, tmp_path):
        api.wait_for(*START, "response 1", "next")
        envelope = check(api.find("response 1").json)
    assert (envelope["status"], envelope["stdout"]["text"]) == ("completed", "[1] 42\n")
    assert envelope["requestId"] == "1"


@pytest.mark.parametrize("behaviour", [Resets(), HandsHalf()], ids=["at once", "within the event"])
def test_a_reset_next_is_called_again(tmp_path, behaviour):
    with RuntimeAPI(behaviour, Hands(id="2")) as api, runtime(api, tmp_path):
        api.wait_for(*START, "next", "response 2", "next")


def test_a_next_that_is_reset_for_ever_is_given_up(tmp_path):
    with RuntimeAPI(*[Resets()] * 9) as api, runtime(api, tmp_path) as running:
        assert running.exit_status() == 70
        assert api.names == [*START, *["next"] * 5]


def test_an_event_that_is_handed_over_twice_is_answered_twice(tmp_path):
    with RuntimeAPI(Hands(), Hands()) as api, runtime(api, tmp_path):
        api.wait_for(*START, "response 1", "next", "response 1", "next")


def test_an_answer_that_is_too_large_is_not_followed_by_an_error(tmp_path):
    # The platform has told the caller; it answers 403 to whatever is posted for that id from then on.
    posts = [Answers(413, "RequestEntityTooLarge")]
    with RuntimeAPI(Hands(), Hands(id="2"), posts=posts) as api, runtime(api, tmp_path) as running:
        api.wait_for(*START, "response 1", "next", "response 2", "next")
    assert any("Runtime.AnswerRefused" in line for line in running.lines)


def test_an_answer_that_is_refused_as_finished_ends_the_environment(tmp_path):
    # Somebody else has answered: after a 413 it is a 403 for the next id, here it is the first.
    posts = [Answers(413, "RequestEntityTooLarge"), Answers(403, "InvalidStateTransition")]
    with RuntimeAPI(Hands(), Hands(id="2"), posts=posts) as api, runtime(api, tmp_path) as running:
        assert running.exit_status() == 70
        assert api.names == [*START, "response 1", "next", "response 2"]


def test_an_answer_to_an_unknown_id_ends_the_environment(tmp_path):
    posts = [Answers(400, "InvalidRequestID")]
    with RuntimeAPI(Hands(), posts=posts) as api, runtime(api, tmp_path) as running:
        assert running.exit_status() == 70
        assert api.names == [*START, "response 1"]


def test_an_answer_that_came_cut_short_is_not_repeated(tmp_path):
    posts = [Answers(400, "TruncatedHTTPRequest")]
    with RuntimeAPI(Hands(), Hands(id="2"), posts=posts) as api, runtime(api, tmp_path):
        api.wait_for(*START, "response 1", "next", "response 2", "next")


def test_an_answer_after_the_timeout_is_dropped(tmp_path):
    posts = [Answers(410, "InvokeTimeout")]
    with RuntimeAPI(Hands(), Hands(id="2"), posts=posts) as api, runtime(api, tmp_path):
        api.wait_for(*START, "response 1", "next", "response 2", "next")


def test_an_answer_whose_receipt_was_lost_is_posted_once_more(tmp_path):
    posts = [Resets(), Answers(403, "InvalidStateTransition")]
    with RuntimeAPI(Hands(), Hands(id="2"), posts=posts) as api, runtime(api, tmp_path):
        calls = api.wait_for(*START, "response 1", "response 1", "next", "response 2", "next")
    first, second = (call.body for call in calls if call.name == "response 1")
    assert first == second


def test_a_500_for_an_answer_ends_the_environment(tmp_path):
    posts = [Answers(500, "InternalServerError")]
    with RuntimeAPI(Hands(), posts=posts) as api, runtime(api, tmp_path) as running:
        assert running.exit_status() == 70
        assert api.names == [*START, "response 1"]


def test_a_500_for_next_ends_the_environment_at_once(tmp_path):
    with RuntimeAPI(Answers(500, "InternalServerError")) as api, runtime(api, tmp_path) as running:
        assert running.exit_status() == 70
        assert api.names == START


def test_a_403_for_next_is_tried_a_few_times_and_then_given_up(tmp_path):
    refusals = [Answers(403, "InvalidStateTransition")] * 5
    with RuntimeAPI(*refusals) as api, runtime(api, tmp_path) as running:
        assert running.exit_status() == 70
        assert api.names == [*START, "next", "next"]


def test_headers_that_make_no_sense_are_taken_as_absent(tmp_path):
    odd = {
        "Lambda-Runtime-Deadline-Ms": "soon",
        "Lambda-Runtime-Trace-Id": "",
        "Lambda-Runtime-Client-Context": "{not json",
        "Lambda-Runtime-Cognito-Identity": "",
        "Content-Type": "text/plain",
        "X-Unheard-Of": "1",
    }
    assert answer_to({"code": "1"}, tmp_path, headers=odd)["status"] == "completed"


def test_headers_are_known_in_any_case(tmp_path):
    headers = {"Lambda-Runtime-Aws-Request-Id": None, "LAMBDA-RUNTIME-AWS-REQUEST-ID": "loud"}
    with RuntimeAPI(Hands(headers=headers)) as api, runtime(api, tmp_path):
        api.wait_for(*START, "response loud", "next")


def test_an_id_is_encoded_in_the_path(tmp_path):
    with RuntimeAPI(Hands(id="a/b?c d")) as api, runtime(api, tmp_path):
        api.wait_for(*START, "response a%2Fb%3Fc%20d", "next")


def test_an_event_without_an_id_ends_the_environment(tmp_path):
    behaviour = Hands(headers={"Lambda-Runtime-Aws-Request-Id": None})
    with RuntimeAPI(behaviour) as api, runtime(api, tmp_path) as running:
        assert running.exit_status() == 70
        assert api.names == START


def test_without_a_deadline_the_deployments_own_bound_holds(tmp_path):
    event = {"code": "repeat Sys.sleep(1)", "limits": {"wallSeconds": 1}}
    assert answer_to(event, tmp_path, seconds=None)["limit"]["name"] == "wall"


def test_a_deadline_that_is_near_bounds_the_run(tmp_path):
    envelope = answer_to({"code": "repeat Sys.sleep(1)"}, tmp_path, seconds=2.5)
    assert envelope["limit"]["name"] == "wall"
    assert envelope["usage"]["wallMs"] < 2500


def test_a_deadline_that_has_passed_is_a_fault_and_no_run(tmp_path):
    with RuntimeAPI(Hands(seconds=-60), Hands(id="2")) as api, runtime(api, tmp_path):
        api.wait_for(*START, "error 1", "next", "response 2", "next")
        error = api.find("error 1")
    assert error.json["errorType"] == "Runtime.DeadlineTooNear"
    assert error.request.headers["lambda-runtime-function-error-type"] == "Runtime.DeadlineTooNear"


def stopped(pid: int) -> bool:
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rpartition(")")[2].split()[0] == "T"


def freeze(pid: int) -> None:
    os.kill(pid, signal.SIGSTOP)
    while not stopped(pid):
        time.sleep(0.01)


def test_the_time_in_the_freezer_is_not_the_runs(tmp_path):
    event = HandsWhen({"code": "Sys.sleep(1); 6 * 7"}, seconds=4)
    with RuntimeAPI(event) as api, runtime(api, tmp_path) as running:
        api.wait_for(*START)
        freeze(running.process.pid)
        time.sleep(2)
        event.go.set()
        os.kill(running.process.pid, signal.SIGCONT)
        api.wait_for(*START, "response 1", "next")
        assert api.find("response 1").json["stdout"]["text"] == "[1] 42\n"


def test_a_connection_that_died_in_the_freezer_is_replaced(tmp_path):
    dies = HangsUpWhen()
    with RuntimeAPI(dies, Hands(id="2")) as api, runtime(api, tmp_path) as running:
        api.wait_for(*START)
        freeze(running.process.pid)
        dies.go.set()
        # The end of the connection waits for the host in its socket.
        os.kill(running.process.pid, signal.SIGCONT)
        calls = api.wait_for(*START, "next", "response 2", "next")
    first, second = [call.connection for call in calls if call.name == "next"][:2]
    assert first != second


def test_an_event_of_six_megabytes_is_run(tmp_path):
    event = {"code": "cat(file.size('big.txt'))", "inputs": [{"name": "big.txt", "text": ""}]}
    text = "x" * (MOST_BYTES - len(json.dumps(event)))
    event["inputs"][0]["text"] = text
    payload = json.dumps(event).encode()
    assert len(payload) == MOST_BYTES
    assert answer_to(payload, tmp_path)["stdout"]["text"] == str(len(text))


def test_an_answer_of_nearly_six_megabytes_is_posted_whole(tmp_path):
    code = """
        writeBin(as.raw(sample(0:255, 2990000, TRUE)), 'noise.bin')
        cat(strrep('"', 500000))
        message(strrep('"', 450000))
    """
    event = {"code": code, "store": {"inline": True}}
    with RuntimeAPI(Hands(event)) as api, runtime(api, tmp_path, RAMPART_TEXT_KB="512"):
        api.wait_for(*START, "response 1", "next")
        answer = api.find("response 1")
    assert 5_500_000 < len(answer.body) < MOST_BYTES
    assert check(answer.json)["files"][0]["bytes"] == 2_990_000


def test_an_answer_is_posted_as_the_platform_wants_it(tmp_path):
    with RuntimeAPI(Hands()) as api, runtime(api, tmp_path):
        calls = api.wait_for(*START, "response 1", "next")
    answer = api.find("response 1").request
    assert sorted(answer.headers) == ["content-length", "content-type", "host", "user-agent"]
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["user-agent"].startswith("rampart/")
    nexts = [call for call in calls if call.name == "next"]
    assert all(sorted(call.request.headers) == ["host", "user-agent"] for call in nexts)
    # One connection is kept for all but the extension's.
    assert len({call.connection for call in calls if call.name not in ("register", "wait")}) == 1


def test_a_fault_is_reported_in_the_platforms_form(tmp_path):
    with RuntimeAPI(Hands(seconds=-1)) as api, runtime(api, tmp_path):
        api.wait_for(*START, "error 1", "next")
        error = api.find("error 1")
    assert set(error.json) == {"errorMessage", "errorType", "stackTrace"}
    headers = error.request.headers
    assert headers["content-type"] == "application/vnd.aws.lambda.error+json"
    cause = headers["lambda-runtime-function-xray-error-cause"]
    assert cause.isascii() and cause.isprintable() and len(cause) < 64 << 10
    assert json.loads(cause)["exceptions"][0]["type"] == error.json["errorType"]


def test_proxy_variables_are_not_heeded(tmp_path):
    proxy = dict.fromkeys(("http_proxy", "HTTP_PROXY", "ALL_PROXY"), "http://127.0.0.1:1")
    with RuntimeAPI(Hands()) as api, runtime(api, tmp_path, **proxy):
        api.wait_for(*START, "response 1", "next")


def test_a_failed_start_is_posted_and_nothing_else_is(tmp_path):
    with RuntimeAPI() as api, runtime(api, tmp_path, RAMPART_BANANA="1") as running:
        assert running.exit_status() == 78
        assert api.names == ["init/error"]
        error = api.find("init/error")
    assert error.json["errorType"] == "Runtime.InvalidConfiguration"
    assert "RAMPART_BANANA" in error.json["errorMessage"]
    assert error.request.headers["lambda-runtime-function-error-type"] == error.json["errorType"]


def test_more_than_sixteen_invocations_at_a_time_are_refused_at_the_start(tmp_path):
    with RuntimeAPI() as api, runtime(api, tmp_path, AWS_LAMBDA_MAX_CONCURRENCY="17") as running:
        assert running.exit_status() == 78
        assert api.names == ["init/error"]
        message = api.find("init/error").json["errorMessage"]
    assert 'AWS_LAMBDA_MAX_CONCURRENCY must be a whole number, 1 to 16; it is "17"' in message


def test_invocations_are_under_way_at_once_and_each_gets_its_own_answer(tmp_path):
    times = "started <- Sys.time(); Sys.sleep(1.5); cat(as.numeric(started), as.numeric(Sys.time()))"
    hands = [Hands({"code": f"{times}; cat('', {number})"}, id=str(number)) for number in range(4)]
    with RuntimeAPI(*hands) as api, runtime(api, tmp_path, AWS_LAMBDA_MAX_CONCURRENCY="4"):
        wait_until(lambda: sum(name.startswith("response") for name in api.names) == 4, 30, "four answers")
        texts = [check(api.find(f"response {number}").json)["stdout"]["text"] for number in range(4)]
    spans = [[float(word) for word in text.split()] for text in texts]
    assert [span[2] for span in spans] == [0, 1, 2, 3]
    assert max(span[0] for span in spans) < min(span[1] for span in spans)


def test_the_trace_id_is_set_for_one_invocation_and_reaches_no_script(tmp_path):
    trace = "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=1"
    code = "cat(Sys.getenv('_X_AMZN_TRACE_ID'), Sys.getenv('LAMBDA_REQUEST_ID'))"
    event = {"code": code, "store": {"inline": True}}
    nexts = [Hands(event, headers={"Lambda-Runtime-Trace-Id": trace}), Hands(event, id="2")]
    with RuntimeAPI(*nexts) as api, runtime(api, tmp_path):
        api.wait_for(*START, "response 1", "next", "response 2", "next")
        texts = [api.find(f"response {number}").json["stdout"]["text"] for number in (1, 2)]
    assert texts == [" ", " "]


def test_what_the_caller_is_reaches_no_script(tmp_path):
    headers = {
        "Lambda-Runtime-Aws-Tenant-Id": "tenant-7",
        "Lambda-Runtime-Client-Context": '{"client":{"app_title":"a-title"}}',
        "Lambda-Runtime-Cognito-Identity": '{"cognitoIdentityId":"an-identity"}',
    }
    code = "print(Sys.getenv()); print(commandArgs()); print(readLines('/proc/self/cmdline', warn = FALSE))"
    envelope = answer_to({"code": code}, tmp_path, headers=headers, id="a-request-id")
    text = envelope["stdout"]["text"]
    assert [word for word in ("tenant-7", "a-title", "an-identity", "a-request-id", ARN) if word in text] == []


def test_the_platforms_own_id_of_an_invocation_is_sent_back(tmp_path):
    header = {"Lambda-Runtime-Invocation-Id": "inv-1"}
    with RuntimeAPI(Hands(id="1", headers=header), Hands(id="2")) as api, runtime(api, tmp_path):
        api.wait_for(*START, "response 1", "next", "response 2", "next")
        sent = [api.find(f"response {number}").request.headers for number in (1, 2)]
    assert [headers.get("lambda-runtime-invocation-id") for headers in sent] == ["inv-1", None]
