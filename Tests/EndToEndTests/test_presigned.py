"""Presigned addresses: a run whose role has no right at all puts its charts where the caller says."""

import boto3
import pytest
from botocore.config import Config
from support.envelope import expect_same, only_chart
from support.function import function
from support.s3_proxy import S3Proxy, Says
from support.store import BUCKET, KEY_ID, SECRET


@pytest.fixture(scope="module")
def proxy(s3):
    with S3Proxy(s3.endpoint) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def rightless(tmp_path_factory):
    """A function without a bucket and without credentials."""
    with function(tmp_path_factory.mktemp("rightless"), RAMPART_PUT_HOSTS="127.0.0.1") as running:
        running.expect_healthy()
        yield running


@pytest.fixture(autouse=True)
def forget(proxy):
    proxy.clear()


def presigned(endpoint: str, key: str, **signed) -> str:
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id=KEY_ID,
        aws_secret_access_key=SECRET,
        config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
    )
    return client.generate_presigned_url("put_object", Params={"Bucket": BUCKET, "Key": key, **signed})


def draw(*puts: dict, code: str = "plot(1:3)") -> dict:
    return {"code": code, "store": {"put": list(puts)}}


def test_a_chart_is_put_where_the_caller_says(rightless, proxy, s3):
    url = presigned(proxy.endpoint, "put/chart 1é.png")
    envelope = rightless.invoke(draw({"url": url}))
    chart = only_chart(envelope)
    assert chart["location"] == {"url": url.partition("?")[0]}
    expect_same(chart, (s3.folder / BUCKET / "put/chart 1é.png").read_bytes())
    assert envelope["storage"] is None


def test_nothing_is_sent_that_was_not_asked_for(rightless, proxy):
    url = presigned(proxy.endpoint, "put/plain.png")
    rightless.invoke(draw({"url": url}))
    (sent,) = proxy.sent()
    assert sorted(sent.request.headers) == ["content-length", "host"]


def test_headers_that_the_caller_signed_are_sent(rightless, proxy, s3):
    url = presigned(proxy.endpoint, "put/typed.png", ContentType="image/png")
    headers = {"Content-Type": "image/png"}
    chart = only_chart(rightless.invoke(draw({"url": url, "headers": headers})))
    assert chart["location"]
    assert proxy.sent()[0].request.headers["content-type"] == "image/png"


def test_a_signature_that_does_not_hold_is_the_stores_to_refuse(rightless, proxy):
    url = presigned(proxy.endpoint, "put/typed.png", ContentType="image/png")
    envelope = rightless.invoke(draw({"url": url}))
    assert only_chart(envelope)["location"] is None
    # The server's own word is the one, S3's the other.
    assert envelope["storage"]["code"] in ("AccessDenied", "SignatureDoesNotMatch")
    assert envelope["retryable"] is False
    assert "X-Amz-Signature" not in str(envelope)
    assert len(proxy.sent()) == 1


def test_addresses_are_used_in_order_and_what_is_left_over_is_left_out(rightless, proxy):
    urls = [presigned(proxy.endpoint, f"put/{number}.bin") for number in range(2)]
    code = "plot(1)\nplot(2)\nwriteLines('a', 'a.txt')"
    envelope = rightless.invoke(draw(*({"url": url} for url in urls), code=code))
    places = [artifact["location"] for artifact in envelope["charts"]]
    assert places == [{"url": url.partition("?")[0]} for url in urls]
    assert envelope["files"] == []
    assert envelope["leftOut"]["first"] == [{"name": "a.txt", "reason": "count"}]


def test_a_redirect_is_not_followed(rightless, proxy):
    proxy.faults = [Says(307, "TemporaryRedirect", (("Location", f"{proxy.endpoint}/elsewhere"),))]
    envelope = rightless.invoke(draw({"url": presigned(proxy.endpoint, "put/away.png")}))
    assert only_chart(envelope)["location"] is None
    assert len(proxy.sent()) == 1


def test_a_put_that_passes_is_tried_again(rightless, proxy, s3):
    proxy.faults = [Says(503, "SlowDown")]
    chart = only_chart(rightless.invoke(draw({"url": presigned(proxy.endpoint, "put/slow.png")})))
    expect_same(chart, (s3.folder / BUCKET / "put/slow.png").read_bytes())


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example.com/k?s",
        "https://127.0.0.1.example.com/k?s",
        "http://localhost/k?s",
        "https://127.0.0.1@example.com/k?s",
        "ftp://127.0.0.1/k?s",
        "https://127.0.0.2/k",
    ],
)
def test_a_host_that_is_not_allowed_is_rejected_before_the_run(rightless, url):
    envelope = rightless.invoke(draw({"url": url}))
    assert (envelope["status"], envelope["error"]["pointer"]) == ("rejected", "/store/put/0/url")


def test_without_allowed_hosts_every_address_is_rejected(deployed, proxy):
    envelope = deployed.invoke(draw({"url": presigned(proxy.endpoint, "put/no.png")}))
    assert (envelope["status"], envelope["error"]["pointer"]) == ("rejected", "/store/put/0/url")
    assert "RAMPART_PUT_HOSTS" in envelope["error"]["message"]


def test_http_is_for_this_machine_alone(tmp_path):
    with function(tmp_path, RAMPART_PUT_HOSTS="*.example.com") as running:
        envelope = running.invoke(draw({"url": "http://s3.example.com/k?s"}))
    assert envelope["status"] == "rejected"
    assert "https" in envelope["error"]["message"]


@pytest.mark.parametrize("name", ["Host", "Content-Length", "Transfer-Encoding"])
def test_a_header_that_frames_the_message_is_rejected(rightless, proxy, name):
    put = {"url": presigned(proxy.endpoint, "put/x.png"), "headers": {name: "1"}}
    envelope = rightless.invoke(draw(put))
    assert (envelope["status"], envelope["error"]["pointer"]) == ("rejected", "/store/put/0/headers")
