"""A chart drawn from a CSV, invoked by an AWS SDK, lands in S3 and is what the envelope says."""

from base64 import b64encode

import pytest
from support.envelope import expect_same, inline_bytes, only_chart
from support.pictures import drawn_share, picture
from support.store import BUCKET

SALES = "month,total\n1,10\n2,14\n3,9\n"
BARS = "library(ggplot2)\nsales <- read.csv('sales.csv')\nggplot(sales, aes(month, total)) + geom_col()"


def bars(**fields) -> dict:
    return {"code": BARS, "inputs": [{"name": "sales.csv", "text": SALES}], **fields}


def test_a_chart_of_a_csv_is_stored_in_s3_under_the_prefix(deployed, s3):
    chart = only_chart(deployed.invoke(bars(store={"prefix": "runs/42/"})))

    assert chart["name"] == "chart-001.png"
    assert chart["mediaType"] == "image/png"
    assert chart["line"] == 3
    assert chart["location"]["bucket"] == BUCKET
    assert chart["location"]["key"] == "charts/runs/42/chart-001.png"

    data = s3.read(chart["location"])
    expect_same(chart, data)
    image = picture(data)
    assert image.size == (chart["width"], chart["height"]) == (1600, 1000)
    assert drawn_share(image) > 0.05


def test_the_store_calls_the_object_what_the_envelope_calls_it(deployed, s3):
    chart = only_chart(deployed.invoke(bars(store={"prefix": "runs/etag/"})))
    head = s3.client().head_object(Bucket=BUCKET, Key=chart["location"]["key"])
    assert head["ContentType"] == chart["mediaType"]
    assert head["ETag"].strip('"') == chart["location"]["etag"].strip('"')


def test_without_a_prefix_the_request_id_is_the_folder(deployed, s3):
    envelope = deployed.invoke(bars())
    chart = only_chart(envelope)
    assert chart["location"]["key"] == f"charts/{envelope['requestId']}/chart-001.png"
    expect_same(chart, s3.read(chart["location"]))


def test_an_inline_chart_comes_back_in_the_envelope(deployed):
    chart = only_chart(deployed.invoke(bars(store={"inline": True})))
    image = picture(inline_bytes(chart))
    assert image.size == (chart["width"], chart["height"])


@pytest.mark.parametrize(
    ("format", "media_type", "beginning"),
    [
        ("png", "image/png", b"\x89PNG\r\n"),
        ("svg", "image/svg+xml", b"<?xml"),
        ("pdf", "application/pdf", b"%PDF-"),
    ],
)
def test_the_chart_has_the_format_that_was_asked_for(deployed, format, media_type, beginning):
    chart = only_chart(deployed.invoke(bars(chart={"format": format}, store={"inline": True})))
    assert chart["name"] == f"chart-001.{format}"
    assert chart["mediaType"] == media_type
    assert inline_bytes(chart).startswith(beginning)


@pytest.mark.parametrize(("width", "height", "dpi"), [(640, 480, 72), (300, 900, 150), (2400, 1600, 300)])
def test_the_chart_has_the_size_that_was_asked_for(deployed, width, height, dpi):
    size = {"width": width, "height": height, "dpi": dpi}
    chart = only_chart(deployed.invoke(bars(chart=size, store={"inline": True})))
    assert (chart["width"], chart["height"]) == (width, height)
    assert picture(inline_bytes(chart)).size == (width, height)


def test_every_page_is_a_chart_of_its_own(deployed):
    envelope = deployed.run("plot(1:3)\nx <- 1\nhist(c(1, 2, 2, 3))\nbarplot(3:1)")
    assert [chart["name"] for chart in envelope["charts"]] == [
        "chart-001.png",
        "chart-002.png",
        "chart-003.png",
    ]
    assert [chart["line"] for chart in envelope["charts"]] == [1, 3, 4]
    assert len({chart["sha256"] for chart in envelope["charts"]}) == 3


def test_a_script_without_a_chart_has_none(deployed):
    assert deployed.run("1 + 1")["charts"] == []


def test_what_the_script_writes_is_a_file_and_its_unchanged_inputs_are_not(deployed, s3):
    code = "sales <- read.csv('sales.csv')\nwrite.csv(sales[2, ], 'summary.csv', row.names = FALSE)"
    envelope = deployed.invoke(bars(code=code, store={"prefix": "runs/files/"}))
    (file,) = envelope["files"]
    assert (file["name"], file["mediaType"]) == ("summary.csv", "text/csv")
    assert file["location"]["key"] == "charts/runs/files/summary.csv"
    data = s3.read(file["location"])
    expect_same(file, data)
    assert data == b'"month","total"\n2,14\n'


def test_inputs_come_as_text_as_base64_and_from_s3(deployed, s3):
    s3.client().put_object(Bucket=BUCKET, Key="uploads/größe 1.bin", Body=b"from s3")
    envelope = deployed.run(
        "for (name in c('a.txt', 'b.bin', 'c.bin')) print(readBin(name, 'raw', 100))",
        inputs=[
            {"name": "a.txt", "text": "é"},
            {"name": "b.bin", "base64": b64encode(bytes([0, 255, 10])).decode()},
            {"name": "c.bin", "s3": {"bucket": BUCKET, "key": "uploads/größe 1.bin"}},
        ],
    )
    assert envelope["stdout"]["text"] == "[1] c3 a9\n[1] 00 ff 0a\n[1] 66 72 6f 6d 20 73 33\n"


def test_the_file_of_one_run_is_the_input_of_the_next(deployed):
    first = deployed.invoke({"code": "write.csv(data.frame(a = 1:3), 'a.csv')", "store": {"prefix": "runs/chain/"}})
    location = first["files"][0]["location"]
    second = deployed.run("sum(read.csv('b.csv')$a)", inputs=[{"name": "b.csv", "s3": location}])
    assert second["value"]["value"] == 6


def test_an_input_from_another_bucket_is_refused(deployed):
    elsewhere = {"name": "secrets.csv", "s3": {"bucket": "somebody-elses", "key": "secrets.csv"}}
    answer = deployed.post({"code": "readLines('secrets.csv')", "inputs": [elsewhere]}).json()
    assert answer.get("status", "rejected") == "rejected"
    assert answer.get("errorType", "Runtime.").startswith("Runtime.")
    deployed.expect_healthy()


def test_a_seed_makes_chance_repeatable(deployed):
    def draws(seed: int) -> str:
        return deployed.run("runif(3)", seed=seed)["stdout"]["text"]

    assert draws(42) == draws(42)
    assert draws(42) != draws(43)


def test_the_last_visible_value_is_described(deployed):
    value = deployed.run("data.frame(month = 1:2, total = c(10.5, 14))")["value"]
    assert value["class"] == ["data.frame"]
    assert value["rows"] == 2
    assert [column["name"] for column in value["columns"]] == ["month", "total"]
    assert value["preview"][0] == {"month": 1, "total": 10.5}


def test_the_envelope_says_what_confined_the_run(deployed):
    confinement = deployed.run("1")["confinement"]
    for layer in ("environment", "descriptors", "limits"):
        assert confinement["layers"][layer] == "enforced", confinement
