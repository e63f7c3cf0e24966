"""What is not a request is rejected by name, R is not troubled with it, and the next one works."""

import json

import pytest

CODE = {"code": "1"}


def nested(levels: int) -> bytes:
    return b'{"code": "1", "seed": ' + b"[" * (levels - 1) + b"]" * (levels - 1) + b"}"


def inputs(*given: dict) -> dict:
    return {**CODE, "inputs": list(given)}


def named(name: str) -> dict:
    return inputs({"name": name, "text": ""})


MALFORMED = {
    "an empty body": b"",
    "malformed JSON": b'{"code": ',
    "words after the JSON": b'{"code": "1"} and more',
    "an array": b'["code"]',
    "a string": b'"code"',
    "null": b"null",
    "invalid UTF-8": b'{"code": "\xff\xfe"}',
    "33 levels of nesting": nested(33),
    "a thousand levels of nesting": nested(1000),
}

WRONG = {
    "no code": ({}, "/code"),
    "empty code": ({"code": ""}, "/code"),
    "code that is a number": ({"code": 1}, "/code"),
    "code over 1 MiB": ({"code": "#" * (2**20 + 1)}, "/code"),
    "an unknown field": ({**CODE, "colour": "red"}, "/colour"),
    "an unknown field with a slash": ({**CODE, "a/b~c": 1}, "/a~1b~0c"),
    "inputs that are an object": ({**CODE, "inputs": {}}, "/inputs"),
    "33 inputs": (inputs(*({"name": f"{i}.csv", "text": ""} for i in range(33))), "/inputs"),
    "an input without a name": (inputs({"text": "a"}), "/inputs/0/name"),
    "a name with a slash": (named("a/b.csv"), "/inputs/0/name"),
    "a name with dots": (named("../b.csv"), "/inputs/0/name"),
    "a name that is a dot": (named("."), "/inputs/0/name"),
    "a name that is two dots": (named(".."), "/inputs/0/name"),
    "an empty name": (named(""), "/inputs/0/name"),
    "a name that is too long": (named("a" * 201), "/inputs/0/name"),
    "a name of few letters and too many bytes": (named("é" * 101), "/inputs/0/name"),
    "a name with a newline": (named("a\n"), "/inputs/0/name"),
    "a name with a tab": (named("a\tb"), "/inputs/0/name"),
    "a name with a NUL": (named("a\0"), "/inputs/0/name"),
    "a name with a control character beyond ASCII": (named("a\x85"), "/inputs/0/name"),
    "names that differ in case only": (
        inputs({"name": "a.csv", "text": ""}, {"name": "A.CSV", "text": ""}),
        "/inputs/1/name",
    ),
    "names beyond ASCII that differ in case only": (
        inputs({"name": "STRASSE É.csv", "text": ""}, {"name": "straße é.csv", "text": ""}),
        "/inputs/1/name",
    ),
    "both text and base64": (inputs({"name": "a", "text": "", "base64": ""}), "/inputs/0"),
    "neither text nor base64": (inputs({"name": "a"}), "/inputs/0"),
    "invalid base64": (inputs({"name": "a", "base64": "%%%"}), "/inputs/0/base64"),
    "an unknown field of an input": (inputs({"name": "a", "text": "", "mode": 7}), "/inputs/0/mode"),
    "an input from no bucket": (inputs({"name": "a", "s3": {"key": "k"}}), "/inputs/0/s3/bucket"),
    "a format that is not one": ({**CODE, "chart": {"format": "gif"}}, "/chart/format"),
    "a width of zero": ({**CODE, "chart": {"width": 0}}, "/chart/width"),
    "a width that is too large": ({**CODE, "chart": {"width": 8193}}, "/chart/width"),
    "a height that is a string": ({**CODE, "chart": {"height": "tall"}}, "/chart/height"),
    "a height with a fraction": ({**CODE, "chart": {"height": 100.5}}, "/chart/height"),
    "a dpi that is too low": ({**CODE, "chart": {"dpi": 35}}, "/chart/dpi"),
    "over 40 megapixels": ({**CODE, "chart": {"width": 8192, "height": 8192}}, "/chart"),
    "an unknown limit": ({**CODE, "limits": {"diskMB": 1}}, "/limits/diskMB"),
    "no wall time": ({**CODE, "limits": {"wallSeconds": 0}}, "/limits/wallSeconds"),
    "more wall time than there is": ({**CODE, "limits": {"wallSeconds": 26}}, "/limits/wallSeconds"),
    "more CPU time than there is": ({**CODE, "limits": {"cpuSeconds": 26}}, "/limits/cpuSeconds"),
    "more memory than there is": ({**CODE, "limits": {"memoryMB": 1025}}, "/limits/memoryMB"),
    "too little memory": ({**CODE, "limits": {"memoryMB": 15}}, "/limits/memoryMB"),
    "a limit beyond any integer": ({**CODE, "limits": {"memoryMB": 1e300}}, "/limits/memoryMB"),
    "a prefix with dots": ({**CODE, "store": {"prefix": "a/../b"}}, "/store/prefix"),
    "a prefix with a space": ({**CODE, "store": {"prefix": "a b"}}, "/store/prefix"),
    "a prefix that is too long": ({**CODE, "store": {"prefix": "a" * 201}}, "/store/prefix"),
    "an unknown field of the store": ({**CODE, "store": {"bucket": "b"}}, "/store/bucket"),
    "a seed that is not an integer": ({**CODE, "seed": "lucky"}, "/seed"),
    "a seed over 32 bits": ({**CODE, "seed": 2**31}, "/seed"),
    "a transcript that is not a flag": ({**CODE, "transcript": "yes"}, "/transcript"),
    "capabilities with code": ({**CODE, "capabilities": True}, "/code"),
}


def expect_rejected(envelope: dict, pointer: str) -> None:
    assert envelope["status"] == "rejected"
    assert (envelope["error"]["kind"], envelope["error"]["pointer"]) == ("request", pointer)
    assert envelope["charts"] == envelope["files"] == []
    assert envelope["value"] is None
    assert envelope["retryable"] is False


@pytest.mark.parametrize("payload", MALFORMED.values(), ids=MALFORMED)
def test_a_payload_that_is_no_event_is_rejected_as_a_whole(deployed, payload):
    expect_rejected(deployed.invoke(payload), "")
    deployed.expect_healthy()


@pytest.mark.parametrize(("event", "pointer"), WRONG.values(), ids=WRONG)
def test_a_wrong_field_is_rejected_by_its_pointer(deployed, event, pointer):
    expect_rejected(deployed.invoke(json.dumps(event).encode()), pointer)
    deployed.expect_healthy()


def test_an_event_of_many_megabytes_does_not_end_the_function(deployed):
    # Over 6 MiB the emulator cuts the event off; Lambda itself would refuse it.
    whole = json.dumps({"code": "1", "inputs": [{"name": "a.txt", "text": "a" * 7_000_000}]})
    expect_rejected(deployed.invoke(whole.encode()), "")
    deployed.expect_healthy()


def test_an_input_at_the_bounds_is_accepted(deployed):
    name = "é" * 100
    given = [{"name": f"{i}.csv", "text": "x"} for i in range(31)] + [{"name": name, "text": "long"}]
    envelope = deployed.run("cat(length(dir()), readLines(max(dir())[1]))", inputs=given)
    assert envelope["stdout"]["text"].startswith("32 ")


NAMES = [
    "Q1 sales.csv",
    "Umsätze (2024).csv",
    "売上.csv",
    "-n.csv",
    ".env",
    "a'b\"c.csv",
    "a\\b.csv",
    "100%.csv",
    "$HOME.csv",
    "🙂.csv",
    "a=b.csv",
    "...",
]


@pytest.mark.parametrize("name", NAMES)
def test_an_input_may_have_any_name(deployed, name):
    code = "found <- dir(all.files = TRUE, no.. = TRUE)\ncat(found, readLines(found), sep = '\\n')"
    envelope = deployed.run(code, inputs=[{"name": name, "text": "here\n"}])
    assert envelope["stdout"]["text"] == f"{name}\nhere\n"
    assert envelope["files"] == []
