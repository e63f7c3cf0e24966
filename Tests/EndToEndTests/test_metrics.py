"""One metric record an invocation, in CloudWatch's embedded metric format, whatever the log's level."""

import json
import time

import pytest
from support.metrics import problems, units
from support.runtime_api import Answers, Hands, RuntimeAPI, runtime, wait_for_records
from support.store import BUCKET, credentials

DRAW = {"code": "plot(1:3)", "store": {"inline": True}}
SCRIPTS = {
    "completed": "1",
    "failed": "stop('no')",
    "exceeded": "repeat Sys.sleep(1)",
    "killed": "tools::pskill(Sys.getpid(), 15); Sys.sleep(5)",
}


def records(folder, *nexts, posts=(), **settings) -> list[dict]:
    """Returns the records of some invocations, each checked against the format's rules."""
    with RuntimeAPI(*nexts, posts=posts) as api, runtime(api, folder, **settings) as running:
        found = wait_for_records(running, len(nexts))
    assert len(found) == len(nexts)
    assert [problems(record) for record in found] == [[]] * len(nexts)
    return found


def test_the_rules_of_the_format_are_noticed_where_they_are_broken():
    directive = {"Namespace": "N", "Dimensions": [["D"]], "Metrics": [{"Name": "M", "Unit": "Count"}]}
    good = {"_aws": {"Timestamp": 1, "CloudWatchMetrics": [directive]}, "D": "d", "M": 1}
    assert problems(good) == []
    broken = [
        {**good, "D": 1},
        {**good, "D": "d" * 1025},
        {**good, "M": "1"},
        {**good, "M": True},
        {"D": "d"},
        {**good, "_aws": {"CloudWatchMetrics": [directive]}},
        {**good, "_aws": {"Timestamp": "now", "CloudWatchMetrics": [directive]}},
        *[
            {**good, "_aws": {"Timestamp": 1, "CloudWatchMetrics": [{**directive, **change}]}}
            for change in (
                {"Namespace": ""},
                {"Dimensions": []},
                {"Dimensions": [["D"] * 31]},
                {"More": 1},
                {"Metrics": [{"Unit": "Count"}]},
                {"Metrics": [{"Name": "M", "Unit": "Bananas"}]},
                {"Metrics": [{"Name": "M"}] * 101},
            )
        ],
    ]
    assert [record for record in broken if not problems(record)] == []


def test_a_record_says_what_a_run_took(tmp_path):
    settings = {"AWS_LAMBDA_FUNCTION_NAME": "charts"}
    before = time.time()
    (record,) = records(tmp_path, Hands(DRAW, id="an-id"), **settings)
    assert before * 1000 - 1 <= record["_aws"]["Timestamp"] <= time.time() * 1000
    assert (record["FunctionName"], record["Status"], record["requestId"]) == ("charts", "completed", "an-id")
    assert units(record) == {
        **dict.fromkeys(
            [
                "AnswerTime",
                "TidyTime",
                "WallTime",
                "CpuTime",
                "DecodeTime",
                "FetchTime",
                "RunTime",
                "CollectTime",
                "StoreTime",
            ],
            "Milliseconds",
        ),
        **dict.fromkeys(["PeakMemory", "BytesStored"], "Bytes"),
        **dict.fromkeys(["ColdStart", "SpareHit", "Invocations"], "Count"),
    }
    assert record["AnswerTime"] >= record["WallTime"] >= record["RunTime"] > 0
    assert record["BytesStored"] > 1000
    assert record["Invocations"] == 1


def test_the_first_record_is_cold_and_the_others_are_warm(tmp_path):
    found = records(tmp_path, *[Hands(id=str(number)) for number in range(3)])
    assert [record["Start"] for record in found] == ["cold", "warm", "warm"]
    assert [record["ColdStart"] for record in found] == [1, 0, 0]


@pytest.mark.parametrize(("spare", "words"), [("on", ["hit", "hit"]), ("off", ["miss", "miss"])])
def test_a_record_says_whether_the_spare_was_there(tmp_path, spare, words):
    found = records(tmp_path, Hands(), Hands(id="2"), RAMPART_SPARE=spare)
    assert [record["Spare"] for record in found] == words
    assert [record["SpareHit"] for record in found] == [int(word == "hit") for word in words]


def test_a_record_says_how_each_run_ended(tmp_path):
    events = [{"code": code, "limits": {"wallSeconds": 1}} for code in SCRIPTS.values()]
    nexts = [Hands(event, id=str(number)) for number, event in enumerate(events)]
    found = records(tmp_path, *nexts, Hands({"banana": 1}), Hands(seconds=-1))
    assert [record["Status"] for record in found] == [*SCRIPTS, "rejected", "fault"]
    assert [record.get("Limit") for record in found] == [None, None, "wall", None, None, None]
    assert found[-1]["ErrorType"] == "Runtime.DeadlineTooNear"
    # Where there was no run there is nothing to say of it.
    assert [name for name in ("WallTime", "PeakMemory", "SpareHit") if name in found[4] | found[5]] == []


def test_a_record_has_few_dimensions_with_few_values(tmp_path):
    (record,) = records(tmp_path, Hands(headers={"Lambda-Runtime-Aws-Tenant-Id": "tenant-7"}))
    directives = record["_aws"]["CloudWatchMetrics"]
    dimensions = {name for directive in directives for names in directive["Dimensions"] for name in names}
    assert dimensions == {"FunctionName", "Status"}
    assert record["tenantId"] == "tenant-7"


def test_an_answer_that_the_platform_refused_is_in_its_record(tmp_path):
    (record,) = records(tmp_path, Hands(), posts=[Answers(413, "RequestEntityTooLarge")])
    assert (record["Status"], record["ErrorType"]) == ("completed", "Runtime.AnswerRefused")


def test_bytes_that_no_store_confirmed_are_not_counted(tmp_path):
    settings = {"RAMPART_BUCKET": BUCKET, **credentials("http://127.0.0.1:1")}
    event = {"code": "plot(1:3)", "limits": {"wallSeconds": 1}}
    (record,) = records(tmp_path, Hands(event, seconds=4), **settings)
    assert record["BytesStored"] == 0


@pytest.mark.parametrize(("level", "own"), [("TRACE", "INFO"), ("INFO", "INFO"), ("WARN", "WARN"), ("FATAL", "FATAL")])
def test_a_record_passes_every_log_level(tmp_path, level, own):
    # Lambda drops lines below the function's level, and takes one without a level for INFO.
    settings = {"AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": level}
    (record,) = records(tmp_path, Hands(), **settings)
    assert record["level"] == own
    assert record["timestamp"].endswith("Z")


def test_a_record_is_a_line_of_its_own_in_a_text_log(tmp_path):
    with RuntimeAPI(Hands()) as api, runtime(api, tmp_path, AWS_LAMBDA_LOG_FORMAT="Text") as running:
        wait_for_records(running, 1)
        lines = running.lines
    assert [json.loads(line)["Status"] for line in lines if line.startswith("{")] == ["completed"]
    [line] = [line for line in lines if not line.startswith("{")]
    assert line.partition(" ")[2] == "[INFO] answered requestId=1 status=completed"
