"""Told to stop, every command comes to its end at once, and leaves no R and no folder behind."""

import contextlib
import json
import os
import signal
import subprocess
import threading
import time

import pytest
import requests
from support.envelope import check
from support.function import HEALTHY, function
from support.paths import BINARY
from support.processes import (
    accepts,
    environment,
    expect_gone,
    family,
    free_port,
    r_processes,
    wait_for_the_script,
    wait_until,
)
from support.runtime_api import Answers, Hands, Parks, Resets, RuntimeAPI, runtime

START = ["register", "wait", "next"]
SLEEP = {"code": "cat('begun')\ninvisible(file.create('begun'))\nSys.sleep(60)", "store": {"inline": True}}


def test_an_extension_is_registered_for_no_event_before_the_first_next(tmp_path):
    with RuntimeAPI() as api, runtime(api, tmp_path):
        register, wait, next = api.wait_for(*START)
    assert register.json == {"events": []}
    assert register.request.headers["lambda-extension-name"] == "rampart"
    assert wait.request.headers["lambda-extension-identifier"] == "an-extension"
    assert len({wait.connection, next.connection}) == 2


@pytest.mark.parametrize(
    "register",
    [Answers(403, "Extension.RegistrationClosed"), Answers(404, "NotFound"), Resets()],
    ids=["closed", "unknown", "reset"],
)
def test_a_refused_extension_is_no_fault(tmp_path, register):
    settings = {"AWS_LAMBDA_LOG_LEVEL": "DEBUG"}
    with RuntimeAPI(Hands(), register=register) as api, runtime(api, tmp_path, **settings) as running:
        api.wait_for("register", "next", "response 1", "next")
        assert any("[DEBUG] could not register for SIGTERM" in line for line in running.lines)


def test_a_refused_extension_is_not_spoken_of_above_debug(tmp_path):
    with RuntimeAPI(register=Answers(404, "NotFound")) as api, runtime(api, tmp_path) as running:
        api.wait_for("register", "next")
        assert running.lines == []


def test_a_runtime_that_waits_for_an_event_stops_at_once(tmp_path):
    with RuntimeAPI() as api, runtime(api, tmp_path) as running:
        api.wait_for(*START)
        relatives = family(running.process.pid)
        began = time.monotonic()
        running.process.terminate()
        assert running.exit_status() == 0
        assert time.monotonic() - began < 0.5
        expect_gone(relatives)
        assert api.names == START


def test_a_runtime_that_starts_stops_without_a_word_to_the_platform(tmp_path):
    settings = {"RAMPART_PRELOAD": "ggplot2,dplyr,tidyr,scales", "RAMPART_WARMUP": "on"}
    with RuntimeAPI() as api, runtime(api, tmp_path, **settings) as running:
        wait_until(lambda: r_processes(running.process.pid), 10, "R starts")
        running.process.terminate()
        assert running.exit_status() == 0
        assert api.names == []


def test_a_run_is_killed_and_answered_when_the_runtime_is_to_stop(tmp_path):
    with RuntimeAPI(Hands(SLEEP)) as api, runtime(api, tmp_path) as running:
        api.wait_for(*START)
        wait_for_the_script(running.scratch)
        relatives = family(running.process.pid)
        began = time.monotonic()
        running.process.terminate()
        assert running.exit_status() == 0
        assert time.monotonic() - began < 0.5
        expect_gone(relatives)
        api.wait_for(*START, "response 1")
        envelope = check(api.find("response 1").json)
    assert (envelope["status"], envelope["retryable"]) == ("killed", True)
    assert "shut down" in envelope["error"]["message"]
    assert envelope["stdout"]["text"] == "begun"


def test_an_answer_that_is_not_taken_in_time_does_not_hold_the_end_up(tmp_path):
    with RuntimeAPI(Hands(SLEEP), posts=[Parks()]) as api, runtime(api, tmp_path) as running:
        api.wait_for(*START)
        wait_for_the_script(running.scratch)
        began = time.monotonic()
        running.process.terminate()
        assert running.exit_status() == 0
        assert time.monotonic() - began < 1
        api.wait_for(*START, "response 1")


def test_the_emulator_stops_the_runtime_in_order(tmp_path, scratch):
    with function(tmp_path, TMPDIR=scratch) as running:
        running.expect_healthy()


def test_an_environment_that_was_killed_starts_again(tmp_path, scratch):
    with function(tmp_path, TMPDIR=scratch) as running:
        running.expect_healthy()
        host, *relatives = family(running.pid)[1:]
        os.kill(host[0], signal.SIGKILL)
        expect_gone(relatives)
        wait_until(lambda: running.post(HEALTHY).json().get("status") == "completed", 30, "a new start")
        running.expect_healthy()


@pytest.mark.desk
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
@pytest.mark.parametrize("command", ["run", "invoke"])
def test_a_command_that_is_stopped_leaves_nothing(tmp_path, scratch, command, stop):
    script, event = tmp_path / "script.R", tmp_path / "event.json"
    script.write_text(SLEEP["code"])
    event.write_text(json.dumps(SLEEP))
    arguments = ["run", script, "--output", tmp_path / "out"] if command == "run" else ["invoke", event]
    with started_for_stop(arguments, scratch) as process:
        wait_for_the_script(scratch)
        relatives = family(process.pid)
        process.send_signal(stop)
        # A shell is told that it was the signal.
        assert process.wait(timeout=10) == -stop
        expect_gone(relatives)
        assert process.stdout.read() == b""


@pytest.mark.desk
def test_a_doctor_that_is_stopped_reports_nothing(scratch):
    with started_for_stop(["doctor"], scratch) as process:
        wait_until(lambda: r_processes(process.pid), 20, "R starts")
        relatives = family(process.pid)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == -signal.SIGINT
        expect_gone(relatives)
        assert process.stdout.read() == b""


@pytest.mark.desk
def test_serve_that_is_stopped_leaves_nothing(scratch):
    port = free_port()
    with started_for_stop(["serve", "--port", str(port)], scratch) as process:
        wait_until(lambda: accepts(port), 20, "the endpoint answers")
        caller = threading.Thread(target=call, args=(port,))
        caller.start()
        wait_for_the_script(scratch)
        relatives = family(process.pid)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 0
        expect_gone(relatives)
        caller.join(10)


def call(port: int) -> None:
    """Calls the endpoint, which may end without an answer."""
    path = "/2015-03-31/functions/function/invocations"
    with contextlib.suppress(requests.RequestException):
        requests.post(f"http://127.0.0.1:{port}{path}", json=SLEEP, timeout=30)


@contextlib.contextmanager
def started_for_stop(arguments: list, scratch: str):
    settings = {"RAMPART_WARMUP": "off", "RAMPART_PRELOAD": "", "TMPDIR": scratch}
    process = subprocess.Popen(
        [BINARY, *map(str, arguments)],
        env=environment(**settings),
        stdout=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
