"""When S3 fails, what R did is not lost, and nothing is said to be stored that is not."""

import pytest
from support.envelope import expect_same, only_chart
from support.function import function
from support.processes import free_port
from support.refusing_store import refusing_s3, silent_s3
from support.store import BUCKET, TOKEN, credentials, s3_server

DRAW = {"code": "cat('drawn\\n')\nplot(1:3)\nwarning('careful')\n42", "store": {"prefix": "runs/lost/"}}


def expect_unstored(envelope: dict, *, retryable: bool) -> dict:
    """Checks that the envelope is as R ended, and returns what it says of the store."""
    chart = only_chart(envelope)
    assert chart["location"] is None
    assert chart["bytes"] > 0
    assert envelope["stdout"]["text"] == "drawn\n[1] 42\n"
    assert envelope["value"]["class"] == ["numeric"]
    assert [condition["message"] for condition in envelope["conditions"]] == ["careful"]
    storage = envelope["storage"]
    assert (storage["stored"], storage["failed"]) == (0, 1)
    assert storage["key"] == "charts/runs/lost/chart-001.png"
    assert envelope["retryable"] is retryable
    return storage


def test_a_store_that_worked_is_not_spoken_of(deployed):
    assert deployed.invoke(DRAW)["storage"] is None


def test_an_s3_that_is_not_there_may_be_tried_again(tmp_path):
    port = free_port()
    settings = {"RAMPART_BUCKET": BUCKET, **credentials(f"http://127.0.0.1:{port}")}
    with function(tmp_path / "function", **settings) as running:
        storage = expect_unstored(running.invoke(DRAW), retryable=True)
        assert storage["bucket"] == BUCKET
        running.expect_healthy()
        with s3_server(tmp_path / "s3", port) as server:
            chart = only_chart(running.invoke(DRAW))
            expect_same(chart, server.read(chart["location"]))


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"secret": "not-the-secret"}, "SignatureDoesNotMatch"),
        ({"bucket": "no-such-bucket"}, "NoSuchBucket"),
    ],
    ids=["the secret is wrong", "the bucket is missing"],
)
def test_an_s3_that_refuses_says_why(s3, tmp_path, settings, code):
    with function(tmp_path, **s3.settings(**settings)) as running:
        storage = expect_unstored(running.invoke(DRAW), retryable=False)
        assert storage["code"] == code
        assert storage["bucket"] == settings.get("bucket", BUCKET)
        running.expect_healthy()


@pytest.mark.parametrize(
    ("status", "code"), [(503, "SlowDown"), (500, "InternalError")], ids=["slow down", "internal error"]
)
def test_an_s3_in_trouble_may_be_tried_again(tmp_path, status, code):
    with refusing_s3(status, code) as store:
        settings = {"RAMPART_BUCKET": BUCKET, **credentials(store.endpoint)}
        with function(tmp_path, **settings) as running:
            storage = expect_unstored(running.invoke(DRAW), retryable=True)
            assert storage["code"] == code
            running.expect_healthy()


def test_the_body_that_is_signed_is_the_body_that_is_sent(tmp_path):
    with refusing_s3(403, "AccessDenied") as store:
        settings = {"RAMPART_BUCKET": BUCKET, **credentials(store.endpoint)}
        with function(tmp_path, **settings) as running:
            envelope = running.invoke(DRAW)
    chart = only_chart(envelope)
    assert envelope["storage"]["code"] == "AccessDenied"
    (sent,) = store.requests
    assert sent["path"] == f"/{BUCKET}/charts/runs/lost/chart-001.png"
    assert sent["sha256"] == sent["headers"]["x-amz-content-sha256"] == chart["sha256"]
    assert sent["headers"]["x-amz-security-token"] == TOKEN
    assert sent["headers"]["content-type"] == "image/png"
    assert sent["headers"]["content-length"] == str(chart["bytes"])


def test_an_s3_that_never_answers_does_not_cost_the_envelope(tmp_path):
    with silent_s3() as endpoint:
        settings = {"RAMPART_BUCKET": BUCKET, **credentials(endpoint)}
        with function(tmp_path, timeout=12, RAMPART_WALL_SECONDS="3", **settings) as running:
            expect_unstored(running.invoke(DRAW), retryable=True)
            running.expect_healthy()


def test_without_a_bucket_the_store_is_inline(tmp_path):
    with function(tmp_path) as running:
        chart = only_chart(running.invoke({"code": "plot(1)"}))
        assert set(chart["location"]) == {"data"}
