"""The log: two formats, one line an event, and nothing of a script's unless the operator wants it."""

import json
import re
from datetime import datetime, timedelta

import pytest
from support.runtime_api import Answers, Hands, RuntimeAPI, runtime, wait_for_records
from support.store import KEY_ID, SECRET, TOKEN, credentials

SIGNING_KEY = "an-example-signing-key"
WORDS = ["banana", "cherry", "damson", "elder", "figgy"]
#: Each word reaches an envelope by a way of its own.
EVENT = {
    "code": "banana <- 1\ncat('cherry\\nmore')\nmessage('damson')\nwarning('elder')\nstop('figgy')",
    "inputs": [{"name": "grape.csv", "text": "honey"}],
    "store": {"inline": True},
}
TENANT = {"Lambda-Runtime-Aws-Tenant-Id": "tenant-7"}


def lines(folder, *nexts, posts=(), **settings) -> list[str]:
    with RuntimeAPI(*nexts, posts=posts) as api, runtime(api, folder, **settings) as running:
        wait_for_records(running, len(nexts))
    return [line for line in running.lines if '"_aws"' not in line]


def test_a_json_line_has_a_time_a_level_and_the_ids(tmp_path):
    (line,) = lines(tmp_path, Hands(headers=TENANT), AWS_LAMBDA_LOG_FORMAT="JSON")
    fields = json.loads(line)
    time = fields.pop("timestamp")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", time)
    assert fields == {
        "level": "INFO",
        "message": "answered",
        "requestId": "1",
        "status": "completed",
        "tenantId": "tenant-7",
    }


def test_every_line_of_an_invocation_has_the_request_and_the_tenant(tmp_path):
    posts = [Answers(413, "RequestEntityTooLarge")]
    settings = {"AWS_LAMBDA_LOG_FORMAT": "json", "RAMPART_LOG_SCRIPTS": "on"}
    nexts = [Hands(EVENT, headers=TENANT), Hands(headers=TENANT, seconds=-1)]
    found = [json.loads(line) for line in lines(tmp_path, *nexts, posts=posts, **settings)]
    assert len(found) == 4
    assert {(line["requestId"], line["tenantId"]) for line in found} == {("1", "tenant-7")}
    assert {line["level"] for line in found} == {"INFO", "ERROR"}


@pytest.mark.parametrize(
    ("posts", "error"),
    [
        ([Answers(403, "InvalidStateTransition")], "Runtime.Tainted"),
        ([Answers(500, "InternalServerError")], "Runtime.ApiFailure"),
    ],
    ids=["an answer that was there before", "a broken platform"],
)
def test_the_last_words_of_an_environment_are_such_lines(tmp_path, posts, error):
    settings = {"AWS_LAMBDA_LOG_FORMAT": "JSON"}
    with RuntimeAPI(Hands(headers=TENANT), posts=posts) as api, runtime(api, tmp_path, **settings) as running:
        assert running.exit_status() == 70
    (line,) = [json.loads(line) for line in running.lines if '"_aws"' not in line]
    assert (line["level"], line["errorType"]) == ("FATAL", error)
    assert (line["requestId"], line["tenantId"]) == ("1", "tenant-7")


def test_a_text_line_has_them_too(tmp_path):
    (line,) = lines(tmp_path, Hands(headers=TENANT), AWS_LAMBDA_LOG_FORMAT="Text")
    time, _, rest = line.partition(" ")
    assert datetime.fromisoformat(time).utcoffset() == timedelta(0)
    assert rest == "[INFO] answered requestId=1 status=completed tenantId=tenant-7"


@pytest.mark.parametrize("format", ["JSON", "Text"])
def test_nothing_of_a_script_or_a_payload_is_logged(tmp_path, format):
    settings = {"AWS_LAMBDA_LOG_FORMAT": format, "AWS_LAMBDA_LOG_LEVEL": "TRACE"}
    text = "\n".join(lines(tmp_path, Hands(EVENT), Hands(b'{"banana'), **settings))
    assert [word for word in [*WORDS, "grape", "honey"] if word in text] == []


@pytest.mark.parametrize("format", ["JSON", "Text"])
def test_code_and_text_are_logged_on_one_line_where_the_operator_wants_it(tmp_path, format):
    settings = {"AWS_LAMBDA_LOG_FORMAT": format, "RAMPART_LOG_SCRIPTS": "on"}
    found = lines(tmp_path, Hands(EVENT), **settings)
    (script,) = [line for line in found if "banana" in line]
    assert [word for word in ("cherry", "damson", "figgy") if word not in script] == []
    assert len(found) == 2


def test_an_event_that_is_no_request_is_logged_where_the_operator_wants_it(tmp_path):
    settings = {"AWS_LAMBDA_LOG_FORMAT": "JSON", "RAMPART_LOG_SCRIPTS": "on"}
    found = [json.loads(line) for line in lines(tmp_path, Hands(b'{"banana'), **settings)]
    assert [line["code"] for line in found if line["message"] == "script"] == ['{"banana']


def test_a_level_keeps_what_is_below_it_out(tmp_path):
    settings = {"AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": "ERROR"}
    found = [json.loads(line) for line in lines(tmp_path, Hands(), Hands(seconds=-1), **settings)]
    assert [line["level"] for line in found] == ["ERROR"]
    assert found[0]["errorType"] == "Runtime.DeadlineTooNear"


def test_no_secret_is_logged(tmp_path):
    secrets = {**credentials("http://127.0.0.1:1"), "RAMPART_BUCKET": "a-bucket", "RAMPART_SIGNING_KEY": SIGNING_KEY}
    url = "https://127.0.0.1/b/k?X-Amz-Signature=0123456789abcdef"
    put = {"code": "plot(1)", "store": {"put": [{"url": url}]}}
    settings = {"RAMPART_PUT_HOSTS": "127.0.0.1", "AWS_LAMBDA_LOG_LEVEL": "TRACE", "RAMPART_LOG_SCRIPTS": "on"}
    event = {"code": "plot(1)", "limits": {"wallSeconds": 1}}
    text = "\n".join(lines(tmp_path, Hands(event, seconds=4), Hands(put, seconds=4), **secrets, **settings))
    assert [secret for secret in (KEY_ID, SECRET, TOKEN, SIGNING_KEY, "0123456789abcdef") if secret in text] == []
