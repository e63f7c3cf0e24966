"""What a run had finished is kept, however it ended; what is too large is left out, and never cut."""

import pytest
from support.envelope import inline_bytes
from support.function import function
from support.pictures import picture


@pytest.fixture(scope="module")
def frugal(tmp_path_factory):
    """A function whose files may have a megabyte."""
    settings = {"RAMPART_FILE_MB": "1", "RAMPART_PRELOAD": "ggplot2"}
    with function(tmp_path_factory.mktemp("function"), **settings) as running:
        yield running


def left_out(envelope: dict) -> list[tuple[str, str]]:
    return [(entry["name"], entry["reason"]) for entry in envelope["leftOut"]["first"]]


@pytest.mark.parametrize(
    ("code", "limits", "status", "limit"),
    [
        ("Sys.sleep(30)", {"wallSeconds": 2}, "exceeded", "wall"),
        ("repeat {}", {"cpuSeconds": 2}, "exceeded", "cpu"),
        ("repeat sum(runif(1e4))", {"cpuSeconds": 2}, "exceeded", "cpu"),
        ("Sys.sleep(1)\ntools::pskill(Sys.getpid(), 9)", {}, "killed", None),
    ],
    ids=["sleeps", "loops", "computes", "kills itself"],
)
def test_a_chart_that_was_drawn_is_kept_when_the_run_is_ended(deployed, code, limits, status, limit):
    drawing = "plot(1:10)\nrect(0, 0, 20, 20, col = 'red')\n"
    envelope = deployed.run(drawing + code, limits=limits)
    assert envelope["status"] == status
    assert (envelope["limit"] or {}).get("name") == limit
    [chart] = envelope["charts"]
    assert (chart["line"], chart["width"], chart["height"]) == (1, 1600, 1000)
    assert picture(inline_bytes(chart)).getpixel((800, 500)) == (255, 0, 0)


def test_a_chart_that_was_kept_is_drawn_on_and_told_of_once(deployed):
    code = "plot(1:3)\nSys.sleep(0.6)\nrect(0, 0, 9, 9, col = 'blue')\nSys.sleep(0.6)\nplot(3:1)"
    envelope = deployed.run(code, transcript=True)
    assert [(chart["name"], chart["line"]) for chart in envelope["charts"]] == [
        ("chart-001.png", 1),
        ("chart-002.png", 5),
    ]
    assert picture(inline_bytes(envelope["charts"][0])).getpixel((800, 500)) == (0, 0, 255)
    told = [entry["name"] for entry in envelope["transcript"] if entry["kind"] == "chart"]
    assert told == ["chart-001.png", "chart-002.png"]


@pytest.mark.parametrize("size", [0, 1], ids=["as large as may be", "a byte larger"])
def test_a_file_that_is_too_large_is_left_out_whole(frugal, size):
    code = f"writeBin(raw(2^20 + {size}), 'a.bin')\ncat('whole', file = 'b.txt')"
    envelope = frugal.run(code)
    names = [file["name"] for file in envelope["files"]]
    if size == 0:
        assert (envelope["status"], names, left_out(envelope)) == ("completed", ["a.bin", "b.txt"], [])
    else:
        assert "a.bin" not in names
        assert left_out(envelope) == [("a.bin", "size")]


def test_a_file_that_was_cut_is_left_out(frugal):
    code = "con <- file('a.bin', 'wb')\nfor (i in 1:4) try(writeBin(raw(2^19), con))\ntry(close(con))\ncat('b', file = 'b')"
    envelope = frugal.run(code)
    assert [file["name"] for file in envelope["files"]] == ["b"]
    assert left_out(envelope) == [("a.bin", "size")]


@pytest.mark.parametrize(
    ("format", "code"),
    [
        ("png", "par(mar = rep(0, 4))\nimage(matrix(runif(4e6), 2000), useRaster = TRUE, col = rainbow(1000))"),
        ("svg", "plot(runif(3e4), runif(3e4))"),
        ("pdf", "plot(runif(3e5), runif(3e5))"),
    ],
)
def test_a_chart_that_is_too_large_is_left_out(frugal, format, code):
    envelope = frugal.run(code, chart={"format": format})
    assert (envelope["status"], envelope["charts"]) == ("completed", [])
    assert left_out(envelope) == [(f"chart-001.{format}", "size")]


def test_a_widget_that_is_too_large_is_left_out(frugal):
    envelope = frugal.run("plotly::plot_ly(x = 1:3, y = 1:3, type = 'scatter', mode = 'lines')")
    assert (envelope["status"], envelope["charts"]) == ("completed", [])
    assert left_out(envelope) == [("chart-001.html", "size")]


def test_a_large_input_that_was_not_changed_is_nothing_that_is_left_out(frugal):
    inputs = [{"name": "large.txt", "text": "x" * (2 << 20)}]
    envelope = frugal.run("cat(file.size('large.txt'))", inputs=inputs)
    assert (envelope["stdout"]["text"], envelope["files"], left_out(envelope)) == (str(2 << 20), [], [])


def test_what_an_answer_has_no_room_for_is_left_out_and_in_no_list(deployed):
    envelope = deployed.run("writeBin(raw(2e6), 'a.bin')\nwriteBin(raw(2e6), 'b.bin')")
    assert [file["name"] for file in envelope["files"]] == ["a.bin"]
    assert (left_out(envelope), envelope["storage"]) == ([("b.bin", "size")], None)
