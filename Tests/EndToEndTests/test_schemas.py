"""The schemas under docs/ say what the runtime does: what it takes, what it refuses and where, what it answers."""

import copy
import json

import pytest
from jsonschema import Draft202012Validator
from support.paths import EXAMPLES, ROOT
from support.schemas import closed, envelope_problems, request_pointers, schema
from test_bad_input import CODE, MALFORMED, WRONG, inputs

GOLDEN = sorted((ROOT / "Tests" / "RampartCoreTests" / "Golden").glob("*.json"))

# What no schema can say of one field, and so only the runtime refuses.
BEYOND_A_SCHEMA = {
    "names that differ in case only": "two values are compared",
    "names beyond ASCII that differ in case only": "two values are compared",
    "a name of few letters and too many bytes": "a schema counts characters",
    "over 40 megapixels": "two values are multiplied",
    "more wall time than there is": "it is the deployment's own bound",
    "more CPU time than there is": "it is the deployment's own bound",
    "more memory than there is": "it is the deployment's own bound",
    "33 levels of nesting": "depth is not counted",
    "a thousand levels of nesting": "depth is not counted",
}

PUT = {"url": "https://bucket.s3.amazonaws.com/key?X-Amz-Signature=1", "headers": {"Content-Type": "image/png"}}

ACCEPTED = {
    "code alone": CODE,
    "every field": {
        "code": "plot(1)",
        "inputs": [
            {"name": "a.csv", "text": "x\n1\n"},
            {"name": "b.png", "base64": "iVBORw=="},
            {"name": "c", "s3": {"bucket": "a-bucket", "key": "ü/c", "versionId": "1", "etag": "e"}},
        ],
        "chart": {"format": "svg", "width": 16, "height": 8192, "dpi": 36},
        "limits": {"wallSeconds": 1, "cpuSeconds": 1, "memoryMB": 16},
        "store": {"prefix": "runs/42/"},
        "seed": -(2**31),
        "transcript": True,
    },
    "nulls": {
        **inputs({"name": "a", "text": None, "base64": ""}),
        "chart": {"format": None, "width": None},
        "limits": None,
        "store": {"inline": True, "prefix": None},
        "seed": None,
        "transcript": None,
        "capabilities": None,
        "selfTest": None,
    },
    "whole numbers with a point": {**CODE, "seed": 42.0, "chart": {"width": 800.0}},
    "the longest code": {"code": "#" * 2**20},
    "32 inputs": inputs(*({"name": f"{i}.csv", "text": ""} for i in range(32))),
    "a store of no choice": {**CODE, "store": {}},
    "a question for capabilities": {"capabilities": True},
}

# The deployment of the tests allows no host, so that only the schema is asked.
ACCEPTED_ELSEWHERE = {
    "presigned addresses": {**CODE, "store": {"put": [PUT, {"url": "http://127.0.0.1:9000/a"}]}},
    "a question for a self-test": {"selfTest": True},
}

MORE_WRONG = {
    "two stores": ({**CODE, "store": {"prefix": "a", "inline": False}}, "/store"),
    "an address that is none": ({**CODE, "store": {"put": [{"url": "ftp://a/b"}]}}, "/store/put/0/url"),
    "a put without an address": ({**CODE, "store": {"put": [{}]}}, "/store/put/0/url"),
    "an unknown field of a put": ({**CODE, "store": {"put": [{**PUT, "to": 1}]}}, "/store/put/0/to"),
    "65 addresses": ({**CODE, "store": {"put": [PUT] * 65}}, "/store/put"),
    "a header that is a number": (
        {**CODE, "store": {"put": [{**PUT, "headers": {"A": 1}}]}},
        "/store/put/0/headers/A",
    ),
    "an input that is null": (inputs(None), "/inputs/0"),
    "base64 without padding": (inputs({"name": "a", "base64": "QQ"}), "/inputs/0/base64"),
    "base64 with a newline": (inputs({"name": "a", "base64": "QQ==\n"}), "/inputs/0/base64"),
    "a bucket that is none": (inputs({"name": "a", "s3": {"bucket": "A", "key": "k"}}), "/inputs/0/s3/bucket"),
    "a bucket with two dots": (
        inputs({"name": "a", "s3": {"bucket": "a..b", "key": "k"}}),
        "/inputs/0/s3/bucket",
    ),
    "an empty key": (inputs({"name": "a", "s3": {"bucket": "abc", "key": ""}}), "/inputs/0/s3/key"),
    "an unknown field of an object": (
        inputs({"name": "a", "s3": {"bucket": "abc", "key": "k", "region": "r"}}),
        "/inputs/0/s3/region",
    ),
    "code with a NUL": ({"code": "a\0b"}, "/code"),
    "code that is null": ({"code": None}, "/code"),
    "a prefix that ends in a newline": ({**CODE, "store": {"prefix": "a\n"}}, "/store/prefix"),
    "a seed that is a flag": ({**CODE, "seed": True}, "/seed"),
    "a chart that is a list": ({**CODE, "chart": []}, "/chart"),
    "capabilities that are off": ({"capabilities": False}, "/capabilities"),
    "a self-test with code": ({"selfTest": True, "code": "1"}, "/code"),
}

COMPLETED = {"status": "completed", "error": None}


@pytest.mark.parametrize("name", ["request", "envelope"])
def test_a_schema_is_a_schema(name):
    Draft202012Validator.check_schema(schema(name))


@pytest.mark.parametrize("event", {**ACCEPTED, **ACCEPTED_ELSEWHERE}.values(), ids={**ACCEPTED, **ACCEPTED_ELSEWHERE})
def test_the_schema_takes_what_the_contract_allows(event):
    assert request_pointers(event) == set()


@pytest.mark.parametrize("event", ACCEPTED.values(), ids=ACCEPTED)
def test_the_runtime_takes_it_too(deployed, event):
    envelope = deployed.invoke(event)
    # The object that one of them names is in a bucket from which nothing may be fetched.
    pointer = (envelope["error"] or {}).get("pointer", "")
    assert envelope["status"] == "completed" or pointer.startswith("/inputs/2/s3"), envelope["error"]


@pytest.mark.parametrize("example", sorted(EXAMPLES.glob("*/event.json")), ids=lambda path: path.parent.name)
def test_the_schema_takes_every_example(example):
    assert request_pointers(json.loads(example.read_text(encoding="utf-8"))) == set()


@pytest.mark.parametrize(("event", "pointer"), MORE_WRONG.values(), ids=MORE_WRONG)
def test_the_runtime_refuses_more_by_its_pointer(deployed, event, pointer):
    envelope = deployed.invoke(json.dumps(event).encode())
    assert (envelope["status"], envelope["error"]["pointer"]) == ("rejected", pointer)


@pytest.mark.parametrize(
    ("name", "event", "pointer"),
    [(name, event, pointer) for name, (event, pointer) in {**WRONG, **MORE_WRONG}.items()],
    ids=[*WRONG, *MORE_WRONG],
)
def test_the_schema_refuses_what_the_runtime_refuses_at_the_same_pointer(name, event, pointer):
    if name in BEYOND_A_SCHEMA:
        assert request_pointers(event) == set()
    else:
        assert pointer in request_pointers(event)


@pytest.mark.parametrize(("name", "payload"), MALFORMED.items(), ids=MALFORMED)
def test_the_schema_refuses_a_payload_that_is_no_object(name, payload):
    try:
        event = json.loads(payload)
    except (ValueError, RecursionError):
        return  # no JSON document, and so nothing that a schema is asked about
    assert ("" in request_pointers(event)) is (name not in BEYOND_A_SCHEMA)


def test_every_exception_is_about_a_case_that_there_is():
    assert set(BEYOND_A_SCHEMA) <= {*WRONG, *MALFORMED}


def test_golden_envelopes_are_valid():
    problems = {path.name: envelope_problems(json.loads(path.read_text(encoding="utf-8"))) for path in GOLDEN}
    assert {name: found for name, found in problems.items() if found} == {}


@pytest.fixture(scope="module")
def envelopes(deployed):
    """One envelope of each kind that a script can bring about."""
    return {
        "completed": deployed.run(
            "plot(1)\nwarning('w')\nwriteLines('a', 'a.txt')\ndata.frame(a = 1)", transcript=True
        ),
        "failed": deployed.run("f <- function() stop('no')\nf()"),
        "exceeded": deployed.run("Sys.sleep(9)", limits={"wallSeconds": 1}),
        "killed": deployed.run("tools::pskill(Sys.getpid(), 15); Sys.sleep(5)"),
        "quit": deployed.run("quit(status = 3)"),
        "rejected": deployed.invoke({"code": ""}),
    }


LIES = {
    "a completed run with an error": ("completed", {"error": {"kind": "runtime"}}),
    "a completed run with a limit": ("completed", {"limit": {"name": "wall"}}),
    "a failed run without an error": ("failed", {"error": None}),
    "a failed run with a value": ("failed", {"value": {"class": ["numeric"], "type": "double"}}),
    "an exceeded run without a limit": ("exceeded", {"limit": None}),
    "an unknown limit": ("exceeded", {"limit": {"name": "patience"}}),
    "an exceeded run that says failed": ("exceeded", {"status": "failed"}),
    "a killed run that says failed": ("killed", {"status": "failed"}),
    "a rejected run with a chart": ("rejected", {"charts": [{}]}),
    "a rejected run that may be tried again": ("rejected", {"retryable": True}),
    "an unknown status": ("completed", {"status": "fine"}),
    "another version": ("completed", {"version": 2}),
    "a signature that is too short": ("completed", {"signature": "00"}),
    "a field that nobody knows": ("completed", {"mood": "good"}),
}


@pytest.mark.parametrize(("status", "lie"), LIES.values(), ids=LIES)
def test_the_schema_of_the_envelope_refuses_a_lie(envelopes, status, lie):
    assert envelopes[status]["status"] == status
    assert envelope_problems(envelopes[status]) == []
    assert envelope_problems({**envelopes[status], **lie})


@pytest.mark.parametrize("status", ["completed", "failed", "exceeded", "killed", "rejected"])
def test_no_field_of_an_envelope_may_be_missing(envelopes, status):
    for name in schema("envelope")["required"]:
        less = copy.deepcopy(envelopes[status])
        del less[name]
        assert envelope_problems(less), f"{name} may be missing"


def test_a_later_version_may_add_fields():
    assert closed(schema("envelope")) != schema("envelope")
    assert "additionalProperties" not in schema("envelope")
