"""Inputs from S3: fetched side by side, pinned where the caller pins them, and only from where they may come."""

import time

import pytest
from support.function import function
from support.s3_proxy import S3Proxy, Says
from support.store import BUCKET, SECRET, credentials

SHOW = "for (name in sort(list.files())) cat(name, readLines(name), '\\n')"


@pytest.fixture(scope="module")
def objects(moto):
    """Two versions of one object: what boto3 said when they were put."""
    client = moto.client()
    return [client.put_object(Bucket=BUCKET, Key="in/a.csv", Body=text) for text in (b"old", b"new")]


@pytest.fixture(scope="module")
def reader(moto, objects, tmp_path_factory):
    with function(tmp_path_factory.mktemp("reader"), **moto.settings(), RAMPART_FILE_MB="1") as running:
        running.expect_healthy()
        yield running


def show(*inputs: dict) -> dict:
    fields = [{"name": f"{number}.csv", "s3": {"bucket": BUCKET, **place}} for number, place in enumerate(inputs)]
    return {"code": SHOW, "inputs": fields, "store": {"inline": True}}


def test_objects_come_with_the_version_and_the_etag_that_were_asked_for(reader, objects):
    old, new = objects
    envelope = reader.invoke(
        show(
            {"key": "in/a.csv"},
            {"key": "in/a.csv", "versionId": old["VersionId"]},
            {"key": "in/a.csv", "etag": new["ETag"]},
            {"key": "in/a.csv", "etag": old["ETag"].strip('"'), "versionId": old["VersionId"]},
        )
    )
    assert envelope["stdout"]["text"] == "0.csv new \n1.csv old \n2.csv new \n3.csv old \n"
    assert envelope["files"] == []


@pytest.mark.parametrize(
    ("place", "field"),
    [
        ({"key": "in/none.csv"}, "key"),
        ({"key": "in/a.csv", "etag": "0123"}, "etag"),
        ({"key": "in/a.csv", "versionId": "no-such-version"}, "versionId"),
        ({"bucket": "another-bucket", "key": "in/a.csv"}, "bucket"),
    ],
    ids=["no such key", "another etag", "no such version", "another bucket"],
)
def test_what_is_not_there_or_not_allowed_is_rejected_at_its_field(reader, place, field):
    envelope = reader.invoke(show({"key": "in/a.csv"}, place))
    assert (envelope["status"], envelope["error"]["pointer"]) == ("rejected", f"/inputs/1/s3/{field}")
    reader.expect_healthy()


def test_an_object_that_is_too_large_is_rejected(reader, moto):
    moto.client().put_object(Bucket=BUCKET, Key="in/big.bin", Body=b"x" * ((1 << 20) + 1))
    envelope = reader.invoke(show({"key": "in/big.bin"}))
    assert (envelope["status"], envelope["error"]["pointer"]) == ("rejected", "/inputs/0/s3/key")


def test_inputs_come_only_from_the_buckets_that_are_named(moto, objects, tmp_path):
    with function(tmp_path, **moto.settings(), RAMPART_INPUT_BUCKETS="the-other-one") as running:
        envelope = running.invoke(show({"key": "in/a.csv"}))
    assert envelope["error"]["pointer"] == "/inputs/0/s3/bucket"
    assert "the-other-one" in envelope["error"]["message"]


def test_without_a_bucket_no_input_is_fetched(tmp_path):
    with function(tmp_path) as running:
        envelope = running.invoke(show({"key": "in/a.csv"}))
    assert envelope["error"]["pointer"] == "/inputs/0/s3/bucket"
    assert "RAMPART_INPUT_BUCKETS" in envelope["error"]["message"]


def test_a_refused_input_is_a_fault_that_says_so(s3, tmp_path):
    with function(tmp_path, **s3.settings(secret="not-the-secret")) as running:
        error = running.post(show({"key": "in/a.csv"})).json()
        running.expect_healthy()
    assert error["errorType"] == "Runtime.InputRefused"
    assert "/inputs/0/s3" in error["errorMessage"]
    assert "credentials" in error["errorMessage"]
    assert SECRET not in error["errorMessage"]


def test_a_refusal_names_the_permission_that_is_missing(s3, tmp_path):
    with S3Proxy(s3.endpoint) as proxy:
        with function(tmp_path, RAMPART_BUCKET=BUCKET, **credentials(proxy.endpoint)) as running:
            proxy.faults = [Says(403, "AccessDenied")]
            error = running.post(show({"key": "in/a.csv"})).json()
    assert error["errorType"] == "Runtime.InputRefused"
    assert "s3:GetObject" in error["errorMessage"] and BUCKET in error["errorMessage"]
    assert len(proxy.sent("GET")) == 1


def test_inputs_are_signed_fetched_side_by_side_and_tried_again(s3, tmp_path):
    keys = [f"in/{number} +ü.csv" for number in range(6)]
    for key in keys:
        s3.client().put_object(Bucket=BUCKET, Key=key, Body=b"x\n")
    with S3Proxy(s3.endpoint) as proxy:
        with function(tmp_path, RAMPART_BUCKET=BUCKET, **credentials(proxy.endpoint)) as running:
            proxy.faults = [Says(503, "SlowDown"), Says(500, "InternalError")]
            envelope = running.invoke(show(*({"key": key} for key in keys)))
    assert envelope["stdout"]["text"] == "".join(f"{number}.csv x \n" for number in range(6))
    assert proxy.problems == []
    assert len(proxy.sent("GET")) == 8
    assert len({passed.connection for passed in proxy.sent("GET")}) > 1


def test_inputs_that_do_not_come_in_time_are_a_fault(s3, tmp_path):
    with S3Proxy(s3.endpoint) as proxy:
        with function(tmp_path, timeout=12, RAMPART_BUCKET=BUCKET, **credentials(proxy.endpoint)) as running:
            proxy.faults = [Says(503, "SlowDown")] * 50
            began = time.monotonic()
            error = running.post(show({"key": "in/a.csv"})).json()
            assert time.monotonic() - began < 12
    assert error["errorType"] == "Runtime.InputRefused"
