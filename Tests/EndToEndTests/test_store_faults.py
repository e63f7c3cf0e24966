"""An S3 that fails in every way it can: one answer, the right verdict, the object whole and once."""

import hashlib
import time

import pytest
from support.envelope import expect_same, only_chart
from support.function import function
from support.processes import wait_until
from support.runtime_api import Hands, RuntimeAPI, runtime
from support.s3_proxy import (
    IsSlow,
    NeverAnswers,
    ResetsWithin,
    S3Proxy,
    Says,
    SaysThatTheClockIsWrong,
    StopsReading,
    StoresAndResets,
)
from support.store import BUCKET, credentials

DRAW = {"code": "cat('drawn')\nplot(1:3)"}
#: Four megabytes that do not compress: more than the kernel's buffers hold.
WRITE = {"code": "set.seed(1)\nwriteBin(as.raw(sample(0:255, 4e6, TRUE)), 'noise.bin')"}


@pytest.fixture(scope="module")
def proxy(s3):
    with S3Proxy(s3.endpoint) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def behind(proxy, tmp_path_factory):
    settings = {"RAMPART_BUCKET": BUCKET, **credentials(proxy.endpoint)}
    with function(tmp_path_factory.mktemp("behind"), **settings) as running:
        running.expect_healthy()
        yield running


@pytest.fixture(autouse=True)
def nothing_that_was_sent_is_wrong(proxy):
    proxy.clear()
    yield
    assert proxy.problems == []


def expect_stored(artifact: dict, proxy: S3Proxy, s3, times: int = 1) -> None:
    """The object is there, whole, under one key that was written so often, and connections are closed."""
    data = s3.read(artifact["location"])
    expect_same(artifact, data)
    assert proxy.stored == [data] * times
    assert len({passed.request.target for passed in proxy.sent()}) == 1
    wait_until(lambda: proxy.connections <= 1, 5, "no connection but the kept one is open")


def expect_unstored(envelope: dict, code: str, *, retryable: bool) -> dict:
    assert envelope["status"] == "completed"
    assert [artifact["location"] for artifact in envelope["charts"] + envelope["files"]] == [None]
    storage = envelope["storage"]
    assert (storage["code"], storage["stored"], storage["failed"]) == (code, 0, 1)
    assert (storage["bucket"], envelope["retryable"]) == (BUCKET, retryable)
    return storage


@pytest.mark.parametrize(
    "faults",
    [
        [Says(500, "InternalError"), Says(500, "InternalError")],
        [Says(503, "SlowDown")],
        [Says(200, "InternalError"), Says(200, "SlowDown")],
        [ResetsWithin(0)],
        [ResetsWithin(1000)],
        [Says(400, "RequestTimeout")],
    ],
    ids=["500 twice", "slow down", "200 with an error", "reset at once", "reset within", "timeout"],
)
def test_what_passes_is_waited_for(behind, proxy, s3, faults):
    proxy.faults = list(faults)
    envelope = behind.invoke(DRAW)
    assert envelope["storage"] is None
    expect_stored(only_chart(envelope), proxy, s3)
    assert len(proxy.sent()) == len(faults) + 1


def test_an_upload_whose_receipt_was_lost_is_repeated_under_the_same_key(behind, proxy, s3):
    proxy.faults = [StoresAndResets()]
    expect_stored(only_chart(behind.invoke(DRAW)), proxy, s3, times=2)


def test_a_wrong_clock_is_set_by_the_servers_and_stays_set(behind, proxy, s3):
    proxy.faults = [SaysThatTheClockIsWrong()]
    expect_stored(only_chart(behind.invoke(DRAW)), proxy, s3)
    expect_stored_at = [amz_time(passed) for passed in proxy.sent()]
    assert 290 < expect_stored_at[1] - expect_stored_at[0] < 310
    proxy.clear()
    behind.invoke(DRAW)
    assert 290 < amz_time(proxy.sent()[0]) - time.time() < 310


def amz_time(passed) -> float:
    date = time.strptime(passed.request.headers["x-amz-date"] + " UTC", "%Y%m%dT%H%M%SZ %Z")
    return time.mktime(date) - time.timezone


def test_a_server_that_stops_reading_is_left_and_tried_again(behind, proxy, s3):
    proxy.faults = [StopsReading()]
    envelope = behind.invoke(WRITE)
    for connection in proxy.stalled:
        connection.wait_for_the_end()
    proxy.over.set()
    expect_stored(envelope["files"][0], proxy, s3)
    proxy.over.clear()


def test_a_connection_that_stands_still_after_a_refusal_is_left_too(behind, proxy, s3):
    proxy.faults = [Says(503, "SlowDown"), NeverAnswers()]
    envelope = behind.invoke(DRAW)
    proxy.over.set()
    expect_stored(only_chart(envelope), proxy, s3)
    proxy.over.clear()
    # Five seconds to a first byte, and not ten.
    assert 5000 <= envelope["usage"]["phases"]["storeMs"] < 8000


def test_an_environment_with_dead_credentials_says_so_and_leaves(proxy, tmp_path):
    proxy.faults = [Says(400, "ExpiredToken")] * 2
    settings = {"RAMPART_BUCKET": BUCKET, **credentials(proxy.endpoint)}
    events = [Hands(DRAW, id="1"), Hands(DRAW, id="2"), Hands(DRAW, id="3")]
    with RuntimeAPI(*events) as api, runtime(api, tmp_path, **settings) as running:
        assert running.exit_status() == 70
        answers = [api.find(f"response {number}").json for number in (1, 2)]
        assert api.names.count("next") == 2
    for envelope in answers:
        assert envelope["status"] == "completed"
        assert (envelope["storage"]["code"], envelope["retryable"]) == ("ExpiredToken", False)
        assert "expired" in envelope["storage"]["message"]
    assert any("credentials" in line for line in running.lines)


def test_what_the_store_does_not_offer_is_asked_for_once(behind, proxy):
    proxy.faults = [Says(501, "NotImplemented")]
    expect_unstored(behind.invoke(DRAW), "NotImplemented", retryable=False)
    assert len(proxy.sent()) == 1


def test_a_link_that_is_slow_is_given_its_time(behind, proxy, s3):
    proxy.faults = [IsSlow(rate=700_000)]
    envelope = behind.invoke(WRITE)
    expect_stored(envelope["files"][0], proxy, s3)
    assert envelope["usage"]["phases"]["storeMs"] > 5000
    assert len(proxy.sent()) == 1


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        (Says(403, "AccessDenied"), "s3:PutObject"),
        (Says(404, "NoSuchBucket"), BUCKET),
        (Says(400, "InvalidRequest"), "InvalidRequest"),
        (Says(307, "TemporaryRedirect", (("Location", "http://127.0.0.1:1/"),)), "region"),
        (Says(200, "AccessDenied"), "s3:PutObject"),
    ],
    ids=["forbidden", "missing", "bad", "redirect", "200 with a refusal"],
)
def test_what_does_not_pass_is_said_and_not_repeated(behind, proxy, fault, word):
    proxy.faults = [fault]
    storage = expect_unstored(behind.invoke(DRAW), fault.code, retryable=False)
    assert word in storage["message"]
    assert len(proxy.sent()) == 1
    behind.expect_healthy()


def test_a_store_in_trouble_costs_no_more_than_the_reserve(proxy, tmp_path):
    proxy.faults = [Says(503, "SlowDown")] * 50
    settings = {"RAMPART_BUCKET": BUCKET, **credentials(proxy.endpoint)}
    with function(tmp_path, timeout=12, **settings) as running:
        began = time.monotonic()
        envelope = running.invoke(DRAW)
        assert time.monotonic() - began < 12
    expect_unstored(envelope, "SlowDown", retryable=True)
    assert 2 <= len(proxy.sent()) <= 8


def test_one_upload_that_fails_does_not_take_the_others_along(behind, proxy, s3):
    proxy.faults = [Says(403, "AccessDenied")]
    envelope = behind.invoke({"code": "for (i in 1:12) writeLines(paste(i), paste0(i, '.txt'))"})
    stored = [artifact for artifact in envelope["files"] if artifact["location"]]
    assert (len(stored), envelope["storage"]["stored"], envelope["storage"]["failed"]) == (11, 11, 1)
    for artifact in stored:
        expect_same(artifact, s3.read(artifact["location"]))


def test_uploads_go_side_by_side_over_eight_connections_at_most(behind, proxy):
    envelope = behind.invoke({"code": "for (i in 1:40) writeLines(paste(i), paste0(i, '.txt'))"})
    assert envelope["storage"] is None
    sent = proxy.sent()
    assert len({passed.request.target for passed in sent}) == 40
    # What had to be sent again may have had a connection of its own.
    again = len(sent) - 40
    assert 2 <= len({passed.connection for passed in sent}) <= 8 + again


def test_connections_are_kept_between_invocations(behind, proxy):
    behind.invoke(DRAW)
    behind.invoke(DRAW)
    assert len({passed.connection for passed in proxy.sent()}) == 1


def test_a_caller_that_repeats_with_its_own_prefix_stores_nothing_twice(behind, proxy, s3):
    event = {**DRAW, "store": {"prefix": "runs/again/"}}
    first, second = (only_chart(behind.invoke(event)) for _ in range(2))
    assert first["location"] == second["location"]
    assert list((s3.folder / BUCKET / "charts/runs/again").iterdir()) == [
        s3.folder / BUCKET / second["location"]["key"]
    ]


@pytest.mark.parametrize("key", ["plain/", "with.dots/a-b_c/"])
def test_every_key_is_signed_as_it_is_sent(behind, proxy, key):
    chart = only_chart(behind.invoke({**DRAW, "store": {"prefix": key}}))
    assert chart["location"]["key"] == f"charts/{key}chart-001.png"
    assert proxy.sent()[0].request.target == f"/{BUCKET}/charts/{key}chart-001.png"


def test_what_is_sent_with_an_object_is_what_the_documents_say(behind, proxy):
    code = """
        dir.create('out')
        writeLines('<svg xmlns="http://www.w3.org/2000/svg"/>', 'out/größe 1.svg')
        writeLines('a', 'plain.txt')
    """
    envelope = behind.invoke({"code": code})
    headers = {passed.request.target.rpartition("/")[2]: passed.request.headers for passed in proxy.sent()}
    by_name = {artifact["name"]: artifact for artifact in envelope["files"]}
    assert set(by_name) == set(headers) == {"out-gr____e_1.svg", "plain.txt"}
    svg, text = headers["out-gr____e_1.svg"], headers["plain.txt"]
    assert svg["content-type"] == "image/svg+xml"
    assert svg["content-disposition"].startswith("attachment")
    assert svg["x-amz-meta-original-name"] == "out/gr%C3%B6%C3%9Fe%201.svg"
    assert "x-amz-meta-original-name" not in text and "content-disposition" not in text
    assert text["cache-control"] == "private, no-cache"
    assert text["x-amz-content-sha256"] == hashlib.sha256(b"a\n").hexdigest()
    assert {"expect", "accept", "transfer-encoding"} & set(text) == set()


def test_the_buckets_owner_is_named_where_the_deployment_names_one(proxy, tmp_path):
    owner = {"RAMPART_BUCKET_OWNER": "111122223333"}
    with function(tmp_path, RAMPART_BUCKET=BUCKET, **credentials(proxy.endpoint), **owner) as running:
        only_chart(running.invoke(DRAW))
    assert proxy.sent()[0].request.headers["x-amz-expected-bucket-owner"] == "111122223333"
