"""`rampart run`: what it takes from a person's folders, and what it leaves there."""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import pytest
from support.command import rampart
from support.paths import BINARY
from support.processes import environment, r_processes, wait_for_the_script

pytestmark = pytest.mark.desk

SHOW = "cat(dir(), sep = '\\n')"


@pytest.fixture
def script(tmp_path):
    def write(code: str, name: str = "script.R"):
        path = tmp_path / name
        path.write_text(code, encoding="utf-8")
        return path

    return write


@pytest.fixture
def data(tmp_path):
    def write(name: str, text: str = "x\n1\n"):
        path = tmp_path / "data" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return path

    return write


def shown(ended) -> list[str]:
    assert ended.status == 0, ended.stderr
    return ended.envelope["stdout"]["text"].splitlines()


def test_an_input_keeps_its_name_whatever_is_in_it(script, data, tmp_path):
    names = ["Q1 sales.csv", "Umsätze (2024).csv", "a=b.csv"]
    options = [part for name in names for part in ("--input", data(name))]
    assert sorted(shown(rampart("run", script(SHOW), *options, "--json", cwd=tmp_path))) == sorted(names)


def test_an_input_can_be_given_a_name(script, data, tmp_path):
    path = data("export-7.csv", "a=b\n")
    ended = rampart("run", script(SHOW), "--input", f"sales 2024.csv={path}", "--json", cwd=tmp_path)
    assert shown(ended) == ["sales 2024.csv"]


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (["--input", "nowhere.csv"], "nowhere.csv"),
        (["--input", "a/b=data/x.csv"], "--input"),
        (["--input", "data/x.csv", "--input", "X.CSV=data/x.csv"], "NAME=PATH"),
        (["--format", "gif"], "--format"),
        (["--width", "9"], "--width"),
        (["--width", "8192", "--height", "8192"], "megapixels"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_wrong_options_are_refused_before_r_is_started(script, data, tmp_path, options, word):
    data("x.csv")
    ended = rampart("run", script("1"), *options, cwd=tmp_path, RAMPART_R="/nowhere")
    assert (ended.status, ended.stdout) == (64, "")
    assert word in ended.stderr


@pytest.mark.parametrize("place", ["/proc/nowhere", "script.R", "script.R/below"])
def test_an_output_that_cannot_be_written_is_refused_before_r_is_started(script, tmp_path, place):
    ended = rampart("run", script("plot(1)"), "--output", place, cwd=tmp_path, RAMPART_R="/nowhere")
    assert (ended.status, ended.stdout) == (73, "")
    assert place in ended.stderr and "--output" in ended.stderr


def test_what_the_folder_does_not_take_after_the_run_is_not_lost(script, tmp_path):
    # A folder of a chart's own name: it cannot be tried before the run.
    (tmp_path / "out" / "chart-001.png").mkdir(parents=True)
    with tempfile.TemporaryDirectory(dir="/tmp") as elsewhere:
        os.chmod(elsewhere, 0o711)
        ended = rampart("run", script("plot(1:3)"), "--json", cwd=tmp_path, TMPDIR=elsewhere)
        message = ended.envelope["storage"]["message"]
        (kept,) = Path(elsewhere).glob("*/chart-001.png")
        assert kept.stat().st_size > 1000
    assert ended.status == 73
    assert "out/chart-001.png" in message and str(kept.parent) in message


def test_charts_of_an_earlier_run_are_removed(script, tmp_path):
    out = tmp_path / "out"
    assert rampart("run", script("plot(1)\nplot(2)\nwriteLines('a', 'a.csv')"), cwd=tmp_path).status == 0
    assert {path.name for path in out.glob("*.*")} >= {"chart-001.png", "chart-002.png", "a.csv"}
    ended = rampart("run", script("plot(3)"), cwd=tmp_path)
    assert sorted(path.name for path in out.glob("[!.]*")) == ["chart-001.png"]
    assert ended.stderr == ""


def test_a_file_that_somebody_changed_or_made_stays_and_is_told_of(script, tmp_path):
    out = tmp_path / "out"
    assert rampart("run", script("plot(1)\nplot(2)"), cwd=tmp_path).status == 0
    (out / "chart-002.png").write_bytes(b"touched up")
    (out / "chart-009.svg").write_text("<svg/>")
    (out / "notes.txt").write_text("mine")
    ended = rampart("run", script("plot(3)"), cwd=tmp_path)
    assert sorted(path.name for path in out.glob("[!.]*")) == [
        "chart-001.png",
        "chart-002.png",
        "chart-009.svg",
        "notes.txt",
    ]
    assert "chart-002.png" in ended.stderr and "chart-009.svg" in ended.stderr
    assert "notes.txt" not in ended.stderr


def test_a_record_that_names_other_files_removes_none(script, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "precious").write_text("")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    (tmp_path / "out" / ".rampart-run").write_text(f"{empty}  ../precious\n")
    assert rampart("run", script("1"), cwd=tmp_path).status == 0
    assert (tmp_path / "precious").exists()


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("plot(1)\ninvisible(dev.off())\nfile.create('begun')\nSys.sleep(60)", "chart-001.png"),
        ("file.create('begun')\nSys.sleep(60)", "begun"),
    ],
    ids=["a chart", "a file"],
)
def test_a_run_that_is_stopped_says_what_it_kept(script, tmp_path, scratch, code, word):
    settings = environment(RAMPART_WARMUP="off", RAMPART_PRELOAD="", TMPDIR=scratch)
    with subprocess.Popen(
        [BINARY, "run", script(code)],
        cwd=tmp_path,
        env=settings,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        wait_for_the_script(scratch)
        assert r_processes(process.pid)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=20)
    assert (process.returncode, output) == (-signal.SIGINT, b"")
    assert word in errors.decode() and "stopped" in errors.decode()
    assert (tmp_path / "out" / word).exists()


def test_a_program_that_was_moved_says_where_its_package_should_be(script, tmp_path):
    moved = tmp_path / "elsewhere" / "rampart"
    moved.parent.mkdir()
    shutil.copy2(BINARY, moved)
    ended = subprocess.run(
        [moved, "run", script("1")], cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 78
    assert f"{moved.parent}/r-library" in ended.stderr


def test_a_link_to_the_program_finds_its_package(script, tmp_path):
    link = tmp_path / "rampart-link"
    link.symlink_to(BINARY)
    ended = subprocess.run(
        [link, "run", script("1")],
        cwd=tmp_path,
        env=environment(RAMPART_WARMUP="off"),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 0, ended.stderr
