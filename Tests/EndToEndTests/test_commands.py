"""The commands at a desk: what they print, where files land, and the status they end with."""

import json
import os
import re
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest
from support.command import rampart
from support.envelope import check, expect_same, only_chart
from support.function import invoke, lambda_client
from support.paths import BINARY
from support.pictures import picture
from support.processes import environment, free_port, r_processes, started, wait_for_the_script, wait_until

pytestmark = pytest.mark.desk


@pytest.fixture
def script(tmp_path):
    def write(code: str):
        path = tmp_path / "script.R"
        path.write_text(code, encoding="utf-8")
        return path

    return write


def test_run_draws_into_a_folder_and_says_so(script, tmp_path):
    data = tmp_path / "points.csv"
    data.write_text("x,y\n1,2\n2,4\n")
    ended = rampart("run", script("plot(read.csv('points.csv'))"), "--input", data, cwd=tmp_path)
    assert ended.status == 0, ended.stderr
    assert "chart-001.png" in ended.stdout
    assert picture((tmp_path / "out" / "chart-001.png").read_bytes()).size == (1600, 1000)


def test_run_with_json_prints_the_envelope_and_nothing_else(script, tmp_path):
    options = ["--output", tmp_path / "there", "--width", 640, "--height", 480, "--dpi", 72, "--json"]
    ended = rampart("run", script("plot(1:3)"), *options)
    chart = only_chart(ended.envelope)
    assert ended.status == 0
    assert (chart["width"], chart["height"]) == (640, 480)
    expect_same(chart, (tmp_path / "there" / "chart-001.png").read_bytes())
    assert os.path.samefile(chart["location"]["path"], tmp_path / "there" / "chart-001.png")


@pytest.mark.parametrize("format", ["svg", "pdf"])
def test_run_draws_other_formats(script, tmp_path, format):
    ended = rampart("run", script("plot(1:3)"), "--output", tmp_path, "--format", format)
    assert ended.status == 0
    assert (tmp_path / f"chart-001.{format}").stat().st_size > 1000


def test_run_ends_with_1_where_the_script_failed(script, tmp_path):
    ended = rampart("run", script("x <- 1\nstop('no such thing')"), cwd=tmp_path)
    assert ended.status == 1
    assert "no such thing" in ended.stdout + ended.stderr


def test_run_ends_with_1_where_the_script_took_too_long(script, tmp_path):
    ended = rampart("run", script("Sys.sleep(60)"), "--wall", 1, "--json", cwd=tmp_path)
    assert (ended.status, ended.envelope["status"]) == (1, "exceeded")


@pytest.mark.parametrize(
    "arguments",
    [["run"], ["run", "script.R", "--format", "gif"], ["run", "script.R", "--colour"], ["dance"]],
    ids=" ".join,
)
def test_wrong_usage_ends_with_64(script, tmp_path, arguments):
    script("1")
    ended = rampart(*arguments, cwd=tmp_path)
    assert ended.status == 64
    assert ended.stdout == ""
    assert ended.stderr


def test_invoke_reads_an_event_from_a_pipe(tmp_path):
    ended = rampart("invoke", "-", stdin=json.dumps({"code": "6 * 7"}).encode())
    assert ended.status == 0, ended.stderr
    assert ended.envelope["stdout"]["text"] == "[1] 42\n"


def test_invoke_reads_an_event_from_a_file(tmp_path):
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"code": "stop('no')"}))
    ended = rampart("invoke", event)
    assert (ended.status, ended.envelope["status"]) == (1, "failed")


@pytest.mark.parametrize("payload", [b"", b"{", b'{"code": 1}'], ids=["empty", "malformed", "wrong"])
def test_a_bad_event_ends_with_65_and_an_envelope(payload):
    ended = rampart("invoke", "-", stdin=payload)
    assert (ended.status, ended.envelope["status"]) == (65, "rejected")


def test_a_fault_of_ours_ends_with_70(scratch):
    event = json.dumps({"code": "file.create('begun')\nSys.sleep(30)"}).encode()
    with subprocess.Popen(
        [BINARY, "invoke", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(RAMPART_WARMUP="off", RAMPART_SPARE="off", TMPDIR=scratch),
    ) as process:
        process.stdin.write(event)
        process.stdin.close()
        wait_for_the_script(scratch)
        for pid, _ in r_processes(process.pid):
            os.kill(pid, signal.SIGKILL)
        assert process.wait(timeout=20) == 70
        assert process.stdout.read() == b""
        assert process.stderr.read()


@pytest.mark.parametrize(("variable", "value"), [("RAMPART_BANANA", "1"), ("RAMPART_WALL_SECONDS", "soon")])
def test_a_bad_setting_ends_with_78_and_is_named(script, variable, value):
    ended = rampart("run", script("1"), **{variable: value})
    assert ended.status == 78
    assert ended.stdout == ""
    assert variable in ended.stderr


def test_more_than_sixteen_invocations_at_a_time_are_refused_at_the_start():
    # The emulator knows this variable too, and does not start a runtime with it.
    nowhere = {"AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{free_port()}"}
    ended = rampart("lambda", **nowhere, AWS_LAMBDA_MAX_CONCURRENCY="17")
    assert ended.status == 78
    assert "AWS_LAMBDA_MAX_CONCURRENCY" in ended.stderr


def test_serve_keeps_two_callers_in_line(tmp_path):
    log = tmp_path / "serve.log"
    with started([BINARY, "serve", "--port", 0], log, environment(RAMPART_WARMUP="off")):
        says_where = re.compile(r"answers at http://127\.0\.0\.1:(\d+)\n")
        wait_until(lambda: says_where.search(log.read_text()), 20, "it says where it answers")
        port = int(says_where.search(log.read_text())[1])
        with ThreadPoolExecutor(2) as callers:
            envelopes = list(callers.map(lambda number: call(port, number), range(6)))
        said = log.read_text()
    assert [envelope["stdout"]["text"] for envelope in envelopes] == [f"[1] {n}\n" for n in range(6)]
    assert len({envelope["requestId"] for envelope in envelopes}) == 6
    assert "CloudWatchMetrics" not in said


def call(port: int, number: int) -> dict:
    client = lambda_client(f"http://127.0.0.1:{port}")
    return check(invoke(client, {"code": f"Sys.sleep(0.2)\nprint({number})"}))
