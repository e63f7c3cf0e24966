"""Who may tell the host of Lambda's worst case to stop: the platform, and no script (probes `term-host…`)."""

import os
import signal
import threading
from pathlib import Path

import pytest
from conftest import FIRST_USER, deployed
from support.processes import wait_until
from worlds.probe import build_launcher

SLEEP = {"code": "file.create('begun')\nSys.sleep(20)", "store": {"inline": True}}
# A parent of the host's that is the same user, and hands the signal on.
PARENT = """
    "$@" & host=$!
    trap 'kill -TERM $host' USR1
    while :; do wait $host; status=$?; kill -0 $host 2>/dev/null || exit $status; done
"""


@pytest.fixture(params=["root", "the parent"])
def stopped_by(request, ground, library, folder, tmp_path):
    """A world, and the signal by which root or the host's parent stops it."""
    parent = ["/bin/sh", "-c", PARENT, "sh"] if request.param == "the parent" else []
    launcher = [build_launcher(folder), FIRST_USER, *parent]
    worlds = deployed(ground, library, tmp_path, range(FIRST_USER, FIRST_USER + 1), launcher)
    for world in worlds:
        yield world, signal.SIGUSR1 if parent else signal.SIGTERM


def has_begun() -> bool:
    found = Path("/tmp").glob("rampart-*/run-*/work/begun")
    return any(path.stat().st_uid == FIRST_USER for path in found)


def test_the_platform_stops_a_run_that_may_be_tried_again(stopped_by):
    world, number = stopped_by
    answers = []
    run = threading.Thread(target=lambda: answers.append(world.invoke(SLEEP)))
    run.start()
    wait_until(has_begun, 10, "the script runs")
    os.kill(world.pid, number)
    run.join()
    [answer] = answers
    assert answer.kind == "response", answer
    assert (answer.envelope["status"], answer.envelope["retryable"]) == ("killed", True)
    assert world.exit_status() == 0
