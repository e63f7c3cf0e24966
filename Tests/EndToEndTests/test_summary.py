"""What a person reads after `rampart run`: what went wrong first, each thing once, and no noise."""

import pytest
from support.command import rampart

pytestmark = pytest.mark.desk


@pytest.fixture
def said(tmp_path):
    def run(code: str) -> str:
        script = tmp_path / "script.R"
        script.write_text(code, encoding="utf-8")
        return rampart("run", script, cwd=tmp_path).stdout

    return run


def test_the_error_its_frames_and_its_hint_come_first(said):
    lines = said("cat('working\\n')\nf <- function(x) x + valuee\nvalue <- 1\nf(2)\n").splitlines()
    assert lines[0].startswith("failed in ")
    assert lines[1].startswith("error (line 4): ")
    assert lines[2].startswith("  in f(2)")
    assert next(index for index, line in enumerate(lines) if line.startswith("hint: ")) < lines.index("stdout:")


def test_a_warning_and_a_message_are_told_once(said):
    text = said("message('read the data')\nf <- function() warning('odd value')\nf()\n")
    assert text.count("read the data") == 1
    assert text.count("odd value") == 1
    assert "stderr:" not in text


def test_an_error_is_told_once(said):
    assert said("stop('no such thing')\n").count("no such thing") == 1


def test_what_the_script_itself_writes_to_stderr_is_told(said):
    text = said("message('a message')\nwrite('by hand', stderr())\n")
    assert "stderr:\n  by hand" in text
    assert text.count("a message") == 1


@pytest.mark.parametrize("package", ["dplyr", "data.table", "tidyverse", "lubridate"])
def test_what_packages_say_when_they_are_attached_is_left_out(said, package):
    text = said(f"library({package})\ncat('done')\n")
    for noise in ("Attaching", "masked", "Conflicts", "Loading required"):
        assert noise not in text


def test_a_chart_without_a_size_has_none_named(said):
    text = said("plotly::plot_ly(x = 1:3, y = 1:3, type = 'scatter', mode = 'markers')\n")
    (chart,) = [line for line in text.splitlines() if line.startswith("chart ")]
    assert "px" not in chart and chart.endswith(" bytes")
