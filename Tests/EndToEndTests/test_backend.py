"""The module that a backend copies: against `rampart serve`, and against a Lambda that fails in every way it knows."""

import ast
import importlib.util
import json
import re
import sys
from contextlib import contextmanager

import pytest
from support.envelope import inline_bytes, only_chart
from support.function import function
from support.lambda_service import ID, LambdaService, fails, passes_on, refuses, says
from support.paths import BINARY, EXAMPLES, ROOT
from support.pictures import picture
from support.processes import environment, started, wait_until
from support.schemas import schema
from support.store import BUCKET

pytestmark = pytest.mark.desk

KEY, OLD_KEY = b"an example key", b"the key before it"
DATA = "sales <- data.frame(month = 1:3, total = 4:6)\n"
WRONG = f"library(ggplot2)\n{DATA}ggplot(sales, aes(month, totl)) + geom_col()"
RIGHT = WRONG.replace("totl", "total")


@pytest.fixture(scope="module", autouse=True)
def credentials():
    """An SDK signs with whatever it has; nobody here checks it."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "caller")
        patch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        yield


@pytest.fixture(scope="module")
def backend():
    spec = importlib.util.spec_from_file_location("rampart_client", EXAMPLES / "backend" / "rampart_client.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The address of `rampart serve`."""
    log = tmp_path_factory.mktemp("serve") / "serve.log"
    with started([BINARY, "serve", "--port", 0], log, environment(RAMPART_WARMUP="off")):
        says_where = re.compile(r"answers at (http://127\.0\.0\.1:\d+)\n")
        wait_until(lambda: says_where.search(log.read_text()), 20, "it says where it answers")
        yield says_where.search(log.read_text())[1]


@pytest.fixture(scope="module")
def signed(tmp_path_factory):
    with function(tmp_path_factory.mktemp("signed"), RAMPART_SIGNING_KEY=KEY.decode()) as running:
        yield running.endpoint


@pytest.fixture(scope="module")
def envelope(backend, served):
    """An envelope of a run that went well."""
    return backend.Rampart(backend.lambda_client(served)).run("plot(1)", store={"inline": True})


class Caller:
    """The module's own caller; what it would wait is noted and not waited."""

    def __init__(self, backend, endpoint: str, **settings):
        self.pauses: list[float] = []
        client = backend.lambda_client(endpoint)
        self.rampart = backend.Rampart(client, "function", pause=self.pauses.append, **settings)
        self.run = self.rampart.run


@contextmanager
def calling(backend, *answers, **settings):
    with LambdaService(*answers) as service:
        yield Caller(backend, service.endpoint, **settings), service


# With the local endpoint


def test_a_chart_comes_back(backend, served):
    envelope = Caller(backend, served).run(RIGHT, store={"inline": True}, chart={"width": 800, "height": 500})
    assert backend.next_step(envelope) is backend.Next.USE
    assert picture(inline_bytes(only_chart(envelope))).size == (800, 500)


def test_the_endpoint_can_be_named_by_a_variable(backend, served, monkeypatch):
    monkeypatch.setenv("RAMPART_ENDPOINT", served)
    assert backend.Rampart(backend.lambda_client()).run("cat('here')")["stdout"]["text"] == "here"


def test_a_model_is_told_what_to_mend(backend, served):
    told = []

    def write(report):
        told.append(report)
        return RIGHT if report and "'total'" in report else WRONG

    envelope = backend.draw(Caller(backend, served).rampart, write, store={"inline": True})
    assert backend.next_step(envelope) is backend.Next.USE
    first, report = told
    assert first is None
    assert "that line: ggplot(sales, aes(month, totl)) + geom_col()" in report
    assert "hint: 'totl' does not exist; the nearest name is 'total'." in report
    assert "at line 3" in report


def test_a_model_is_asked_so_often_and_no_more(backend, served):
    reports = []

    def write(report):
        reports.append(report)
        return "stop('never')"

    envelope = backend.draw(Caller(backend, served).rampart, write, drafts=2)
    assert (envelope["status"], len(reports)) == ("failed", 2)


@pytest.mark.parametrize(
    ("code", "fields", "status", "words"),
    [
        ("f <- function() stop('no')\nf()", {}, "failed", ["runtime error at line 2: no", "called at line 1: stop"]),
        ("x <- (", {}, "failed", ["parse error at line"]),
        ("Sys.sleep(9)", {"limits": {"wallSeconds": 1}}, "exceeded", ["limit error"]),
        ("quit(status = 3)", {}, "failed", ["runtime error at line 1", "status = 3"]),
        ("tools::pskill(Sys.getpid(), 15); Sys.sleep(5)", {}, "killed", ["killed error"]),
        ("1", {"limits": {"wallSeconds": 900}}, "rejected", ["field of the request: /limits/wallSeconds"]),
        ("cat('so far\\n')\nwarning('odd')\nstop('no')", {}, "failed", ["warning at line 2: odd", "so far"]),
    ],
)
def test_what_a_script_did_wrong_is_for_the_model(backend, served, code, fields, status, words):
    envelope = Caller(backend, served).run(code, **fields)
    assert envelope["status"] == status
    assert backend.next_step(envelope) is backend.Next.MEND
    report = backend.for_model(envelope, code)
    assert report.startswith(f"status: {status}\n")
    assert [word for word in words if word not in report] == []


def test_a_chart_that_was_left_out_is_for_the_model(backend, tmp_path):
    code = "for (n in 1:3) plot(n)\ncat('x', file = 'table.csv')"
    with function(tmp_path, RAMPART_FILES="2") as running:
        envelope = Caller(backend, running.endpoint).run(code, store={"inline": True})
    assert (envelope["status"], len(envelope["charts"]), envelope["leftOut"]["count"]) == ("completed", 2, 2)
    assert backend.next_step(envelope) is backend.Next.MEND
    lines = backend.for_model(envelope, code).splitlines()
    why = f"was not kept: {backend.LEFT_OUT['count']}"
    assert lines[-2:] == [f"chart-003.png {why}", f"table.csv {why}"]


def test_a_chart_that_is_too_large_to_come_inline_is_for_the_model(backend, served):
    noise = "array(runif(3 * 1500^2), c(1500, 1500, 3))"
    code = f"par(mar = rep(0, 4))\nplot.new()\nrasterImage({noise}, 0, 0, 1, 1)"
    envelope = Caller(backend, served).run(code, store={"inline": True}, chart={"width": 1600, "height": 1600})
    assert (envelope["status"], envelope["charts"]) == ("completed", [])
    assert backend.next_step(envelope) is backend.Next.MEND
    assert f"chart-001.png was not kept: {backend.LEFT_OUT['size']}" in backend.for_model(envelope, code)


CHART_GONE = {"name": "chart-001.png", "reason": "size"}
TABLE_GONE = {"name": "charts/chart-001.csv", "reason": "depth"}


@pytest.mark.parametrize(
    ("charts", "count", "first", "step"),
    [
        ([], 0, [], "USE"),
        ([], 1, [TABLE_GONE], "USE"),
        ([{}], 21, [TABLE_GONE] * 20, "USE"),
        ([{}], 1, [CHART_GONE], "MEND"),
        ([], 2, [TABLE_GONE, {"name": "chart-1000.html", "reason": "count"}], "MEND"),
        ([], 21, [TABLE_GONE] * 20, "MEND"),
    ],
)
def test_a_lost_chart_is_to_mend_and_a_lost_file_is_not(backend, envelope, charts, count, first, step):
    changed = {**envelope, "charts": charts, "leftOut": {"count": count, "first": first}}
    assert backend.next_step(changed) is backend.Next[step]
    refused = {**changed, "storage": {"code": "AccessDenied"}}
    assert backend.next_step(refused) is backend.Next.GIVE_UP, "no script mends that"


def test_a_model_is_told_how_many_more_were_left_out(backend, envelope):
    changed = {**envelope, "leftOut": {"count": 23, "first": [TABLE_GONE] * 20}}
    assert backend.for_model(changed, "1").splitlines()[-2:] == [
        f"charts/chart-001.csv was not kept: {backend.LEFT_OUT['depth']}",
        "not kept besides: 3",
    ]


def test_a_fault_behind_the_emulator_is_a_fault(backend, s3, tmp_path):
    wanted = {"name": "a.csv", "s3": {"bucket": BUCKET, "key": "inputs/a.csv"}}
    with function(tmp_path, **s3.settings(secret="another")) as running:
        caller = Caller(backend, running.endpoint)
        with pytest.raises(backend.Fault, match="Runtime.InputRefused") as raised:
            caller.run("1", inputs=[wanted])
    assert not raised.value.passes
    assert caller.pauses == []


def test_a_store_that_refuses_is_for_the_operator(backend, s3, tmp_path):
    with function(tmp_path, **s3.settings(secret="another")) as running:
        envelope = Caller(backend, running.endpoint).run("plot(1)")
    assert envelope["status"] == "completed"
    assert envelope["storage"]["code"] == "SignatureDoesNotMatch"
    assert backend.next_step(envelope) is backend.Next.GIVE_UP


def test_charts_lie_under_a_prefix_of_the_callers(backend, deployed, s3):
    envelope = Caller(backend, deployed.endpoint).run("plot(1)")
    location = only_chart(envelope)["location"]
    assert re.fullmatch(r"charts/[0-9a-f-]{36}/chart-001\.png", location["key"])
    assert envelope["requestId"] not in location["key"]
    assert s3.read(location)


# The signature


def test_an_answer_that_rampart_signed_is_taken(backend, signed):
    with calling(backend, passes_on(signed), keys=[KEY]) as (caller, _):
        assert caller.run("cat('ü')")["stdout"]["text"] == "ü"


def test_a_key_may_be_text(backend, signed):
    with calling(backend, passes_on(signed), keys=[OLD_KEY, KEY.decode()]) as (caller, _):
        assert caller.run("1")["status"] == "completed"
    with calling(backend, passes_on(signed), keys=[OLD_KEY.decode()]) as (caller, _), pytest.raises(backend.Forged):
        caller.run("1")


@pytest.mark.parametrize("key", [KEY, KEY.decode()])
def test_a_key_alone_is_not_taken_for_keys(backend, key):
    with pytest.raises(TypeError, match="list of keys"):
        backend.Rampart(None, keys=key)


def test_two_keys_are_taken_while_one_is_rotated(backend, signed):
    for keys in ([OLD_KEY, KEY], [KEY, OLD_KEY]):
        with calling(backend, passes_on(signed), keys=keys) as (caller, _):
            assert caller.run("1")["status"] == "completed"
    with calling(backend, passes_on(signed), keys=[OLD_KEY]) as (caller, _), pytest.raises(backend.Forged):
        caller.run("1")


FORGERIES = {
    "a changed byte": lambda payload: payload.replace(b'"completed"', b'"Completed"'),
    "a signature of zeros": lambda payload: payload[:-66] + b"0" * 64 + b'"}',
    "no signature": lambda payload: payload[:-80] + b"}",
    "a status alone": lambda payload: b'{"status":"completed"}',
    "a fault that Lambda does not call one": lambda payload: b'{"errorType":"Runtime.ZygoteGone"}',
    "no JSON": lambda payload: b"Task timed out after 3.00 seconds",
    "nothing": lambda payload: b"",
}


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
def test_an_answer_that_was_changed_is_forged(backend, signed, forgery):
    with calling(backend, passes_on(signed, changed=forgery), keys=[KEY]) as (caller, service):
        with pytest.raises(backend.Forged, match="not Rampart's"):
            caller.run("1")
    assert len(service.calls) == 1, "a forgery is not asked for again"


def test_an_older_answer_is_forged(backend, signed):
    kept = []

    def replays(payload: bytes) -> bytes:
        kept.append(payload)
        return kept[0]

    with calling(backend, passes_on(signed, changed=replays), keys=[KEY]) as (caller, _):
        assert caller.run("1")["status"] == "completed"
        with pytest.raises(backend.Forged, match="another request"):
            caller.run("2")


def test_an_answer_to_nobody_knows_what_is_forged(backend, signed):
    # The emulator does not say which request it answers.
    with pytest.raises(backend.Forged, match="another request"):
        Caller(backend, signed, keys=[KEY]).run("1")


# What Lambda does besides


def test_a_throttled_call_is_tried_again_by_the_sdk(backend, envelope):
    throttled = refuses(429, "TooManyRequestsException")
    with calling(backend, throttled, refuses(500, "ServiceException"), says(envelope)) as (caller, service):
        assert caller.run("1") == envelope
    assert len(service.calls) == 3


@pytest.mark.parametrize(
    ("status", "kind", "calls"),
    [
        (429, "TooManyRequestsException", 5),
        (503, "ServiceException", 5),
        (403, "AccessDeniedException", 1),
        (404, "ResourceNotFoundException", 1),
        (413, "RequestTooLargeException", 1),
    ],
)
def test_what_lambda_goes_on_refusing_is_a_fault(backend, status, kind, calls):
    with calling(backend, refuses(status, kind)) as (caller, service):
        with pytest.raises(backend.Fault, match=f"{kind}: no") as raised:
            caller.run("1")
    assert (raised.value.kind, raised.value.passes) == (kind, False)
    assert (len(service.calls), caller.pauses) == (calls, []), "the SDK has its own tries"


def test_a_lambda_that_is_not_there_is_a_fault(backend):
    with LambdaService() as service:
        endpoint = service.endpoint
    with pytest.raises(backend.Fault, match="EndpointConnectionError") as raised:
        Caller(backend, endpoint).run("1")
    assert not raised.value.passes


PASSING = ["Runtime.ZygoteGone", "Runtime.ExitError", "Runtime.OutOfMemory", "Sandbox.Timedout"]
LASTING = ["Runtime.Tainted", "Runtime.InputRefused", "Runtime.MissingEngine", "Function.ResponseSizeTooLarge"]


@pytest.mark.parametrize("kind", PASSING)
def test_a_fault_that_passes_is_tried_again_with_the_same_request(backend, envelope, kind):
    with calling(backend, fails(kind), says(envelope)) as (caller, service):
        assert caller.run("1") == envelope
    first, second = service.calls
    assert first.event == second.event
    assert first.event["store"]["prefix"]
    assert len(caller.pauses) == 1


def test_a_function_that_sleeps_is_waited_for(backend, envelope):
    asleep = refuses(409, "ResourceConflictException")
    with calling(backend, asleep, asleep, asleep, asleep, says(envelope), tries=1) as (caller, service):
        assert caller.run("1") == envelope
    assert len(caller.pauses) == 4 and min(caller.pauses) >= 5
    assert len({json.dumps(call.event) for call in service.calls}) == 1


def test_a_function_that_never_wakes_is_a_fault(backend):
    asleep = refuses(409, "ResourceConflictException")
    with calling(backend, asleep) as (caller, _), pytest.raises(backend.Fault, match="ResourceConflictException"):
        caller.run("1")
    assert 60 <= sum(caller.pauses) <= 600


@pytest.mark.parametrize("kind", LASTING)
def test_a_fault_that_lasts_is_raised_at_once(backend, kind):
    with calling(backend, fails(kind)) as (caller, service), pytest.raises(backend.Fault, match=kind):
        caller.run("1")
    assert len(service.calls) == 1


@pytest.mark.parametrize("tries", [2, 3, 9])
def test_a_fault_that_does_not_pass_after_all_is_raised_after_one_repeat(backend, tries):
    """A script can have brought it about, and each repeat is a run of it."""
    killed = fails("Runtime.ExitError")
    with calling(backend, killed, tries=tries) as (caller, service), pytest.raises(backend.Fault):
        caller.run("1")
    assert (len(service.calls), len(caller.pauses)) == (2, 1)


def test_tries_bound_faults_and_envelopes_together(backend, envelope):
    again = says({**envelope, "retryable": True})
    with calling(backend, again, fails("Runtime.ZygoteGone"), tries=2) as (caller, service):
        with pytest.raises(backend.Fault):
            caller.run("1")
    assert len(service.calls) == 2


def test_plain_words_of_the_emulators_are_a_timeout(backend):
    late = says(b"Task timed out after 3.00 seconds")
    with calling(backend, late, tries=1) as (caller, _), pytest.raises(backend.Fault, match="Sandbox.Timedout"):
        caller.run("1")


@pytest.mark.parametrize("body", [b"", b"null", b"[1]", b"7", b"{}", b'{"errorType": ', b"\xff"])
def test_what_is_no_envelope_is_a_fault(backend, body):
    with calling(backend, says(body)) as (caller, _), pytest.raises(backend.Fault, match="Function.Unknown"):
        caller.run("1")


def test_an_envelope_that_says_so_is_tried_again(backend, envelope):
    again = {**envelope, "retryable": True}
    with calling(backend, says(again), says(envelope)) as (caller, service):
        assert caller.run("1") == envelope
    assert service.calls[0].event == service.calls[1].event


def test_an_envelope_that_goes_on_saying_so_is_returned(backend, envelope):
    again = {**envelope, "retryable": True}
    with calling(backend, says(again), tries=2) as (caller, service):
        assert backend.next_step(caller.run("1")) is backend.Next.TRY_AGAIN
    assert len(service.calls) == 2


def test_a_tenant_is_named_to_lambda(backend, envelope):
    with calling(backend, says(envelope)) as (caller, service):
        caller.run("1", tenant="tenant-7")
        caller.run("1")
    assert [call.headers.get("x-amz-tenant-id") for call in service.calls] == ["tenant-7", None]


# What is written about it


def test_its_faults_are_those_of_the_page(backend):
    page = (ROOT / "docs" / "runtime-api.md").read_text(encoding="utf-8")
    page += (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert [kind for kind in {*backend.PASSING, *LASTING} if kind not in page] == []
    assert backend.PASSING.isdisjoint(LASTING)


def test_it_knows_every_reason_for_leaving_out(backend):
    reason = schema("envelope")["properties"]["leftOut"]["properties"]["first"]["items"]["properties"]["reason"]
    assert list(backend.LEFT_OUT) == reason["enum"]


def test_its_page_uses_what_there_is(backend):
    page = (EXAMPLES / "backend" / "README.md").read_text(encoding="utf-8")
    (source,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    imported = next(node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom))
    assert [name.name for name in imported.names if not hasattr(backend, name.name)] == []
    assert {step.name for step in backend.Next} == set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE))


def test_it_needs_the_sdk_alone():
    tree = ast.parse((EXAMPLES / "backend" / "rampart_client.py").read_text(encoding="utf-8"))
    modules = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    others = {name.partition(".")[0] for name in modules} - set(sys.stdlib_module_names)
    assert others == {"boto3", "botocore"}


def test_an_id_of_a_service_is_the_sdks(backend, envelope):
    """The SDK's own name for the request, which `verified` compares."""
    with LambdaService(says(envelope)) as service:
        answer = backend.lambda_client(service.endpoint).invoke(FunctionName="function", Payload=json.dumps({}))
    assert answer["ResponseMetadata"]["RequestId"] == ID
