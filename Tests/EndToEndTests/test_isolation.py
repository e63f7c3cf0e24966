"""One run cannot read the function's secrets, and leaves nothing for the next one."""

import os
import signal

from support.function import function
from support.processes import expect_gone, family, r_processes, wait_until, with_argument
from support.store import KEY_ID, SECRET, TOKEN

SIGNING_KEY = "an-example-signing-key"


def test_a_script_sees_no_credentials(s3, tmp_path):
    code = """
        print(Sys.getenv())
        print(commandArgs())
        try(bytes <- readBin('/proc/self/environ', 'raw', 1e6))
        try(cat(rawToChar(bytes[bytes != 0])))
    """
    with function(tmp_path, **s3.settings(), RAMPART_SIGNING_KEY=SIGNING_KEY) as running:
        text = running.run(code)["stdout"]["text"]
        names = running.run("cat(names(Sys.getenv()), sep = '\\n')")["stdout"]["text"].split()
    assert "R_HOME" in text
    assert [secret for secret in (KEY_ID, SECRET, TOKEN, SIGNING_KEY) if secret in text] == []
    assert [name for name in names if name.startswith(("AWS_", "LAMBDA_", "_HANDLER", "_X_"))] == []


def test_a_run_leaves_nothing_for_the_next(deployed):
    deployed.run(
        """
        leftover <- 'a variable'
        writeLines('a file', 'leftover.txt')
        writeLines('a file', file.path(tempdir(), 'leftover.txt'))
        options(digits = 3)
        Sys.setenv(LEFTOVER = 'a variable')
        """
    )
    found = deployed.run(
        "cat(exists('leftover'), file.exists('leftover.txt', file.path(tempdir(), 'leftover.txt')), "
        "getOption('digits'), Sys.getenv('LEFTOVER') == '')"
    )
    assert found["stdout"]["text"] == "FALSE FALSE FALSE 7 TRUE"


def test_a_child_that_a_script_starts_does_not_outlive_its_run(deployed):
    mark = f"300.{os.getpid()}"
    deployed.run(f"try(system('sleep {mark} &'))\ntry(system('setsid sleep {mark} &'))")
    deployed.expect_healthy()
    assert with_argument(mark) == []


def test_no_r_outlives_the_emulator(tmp_path):
    with function(tmp_path) as running:
        running.expect_healthy()
        started = r_processes(running.pid)
        assert started
    expect_gone(started)


def test_r_leaves_when_its_host_is_killed(tmp_path):
    with function(tmp_path) as running:
        running.expect_healthy()
        host, *relatives = family(running.pid)[1:]
        os.kill(host[0], signal.SIGKILL)
        expect_gone(relatives)


def test_a_zygote_that_died_is_replaced(tmp_path):
    with function(tmp_path) as running:
        running.expect_healthy()
        for pid, _ in r_processes(running.pid):
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: running.post({"code": "6 * 7"}).json().get("status") == "completed", 30, "recovery")
        running.expect_healthy()
