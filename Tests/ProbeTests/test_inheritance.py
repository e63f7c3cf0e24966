"""What a worker has of its zygote's: nothing that is open, shared or pending."""

import os
import re
import threading
import time
from pathlib import Path

import pytest
from support.processes import family
from worlds.deployed import Deployed

SLEEP = {"code": "Sys.sleep(4)", "store": {"inline": True}}
WORLDS = ["confined", "worst"]
# The zygote's own: input, output, the control socket, R's script and, where a shell started it, its image.
OF_THE_ZYGOTE = {"0", "1", "2", "3", "4", "5"}
# /proc/self/status, which a worker closes when its script begins.
STATUS = "5"


def zygote_of(world: Deployed) -> int:
    world.healthy()
    return next(pid for pid, _ in family(world.pid) if pid != world.pid)


def worker_of(world: Deployed, zygote: int) -> int:
    """Returns the worker that runs a script: the only process of the zygote's that has spent time of late."""
    children = Path(f"/proc/{zygote}/task/{zygote}/children")
    end = time.monotonic() + 10
    while time.monotonic() < end:
        for pid in map(int, children.read_text().split()):
            if not os.path.exists(f"/proc/{pid}/fd/{STATUS}"):
                return pid
        time.sleep(0.02)
    raise AssertionError("no worker runs a script")


def descriptors(pid: int) -> dict[str, str]:
    return {number: os.readlink(f"/proc/{pid}/fd/{number}") for number in os.listdir(f"/proc/{pid}/fd")}


def shared_and_writable(pid: int) -> set[str]:
    """Returns the names and inodes of what is mapped so."""
    lines = Path(f"/proc/{pid}/maps").read_text().splitlines()
    return {" ".join(line.split()[4:]) for line in lines if re.match(r"\S+ .w.s", line)}


@pytest.fixture(params=WORLDS)
def world(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def relatives(world):
    """A zygote, and a worker whose script is under way."""
    zygote = zygote_of(world)
    run = threading.Thread(target=world.invoke, args=[SLEEP])
    run.start()
    yield zygote, worker_of(world, zygote)
    run.join()


def test_no_open_file_is_the_zygotes(relatives):
    zygote, worker = map(descriptors, relatives)
    assert set(worker) == {"0", "1", "2", "3", "4"}
    assert {name.partition(":")[0] for name in worker.values()} == {"pipe", "socket"}
    assert len(set(worker.values())) == 5
    assert set(zygote) <= OF_THE_ZYGOTE
    assert not set(worker.values()) & set(zygote.values())


def test_no_memory_is_shared_and_writable_but_the_runs_own_document(relatives):
    zygote, worker = map(shared_and_writable, relatives)
    assert zygote == set()
    assert len(worker) <= 1 and all("memfd:script" in name for name in worker)


def test_no_timer_is_set(relatives):
    for pid in relatives:
        assert Path(f"/proc/{pid}/timers").read_text() == ""


def test_two_workers_have_no_open_file_in_common(world):
    zygote = zygote_of(world)
    seen = []
    for _ in range(2):
        run = threading.Thread(target=world.invoke, args=[SLEEP])
        run.start()
        seen.append(set(descriptors(worker_of(world, zygote)).values()))
        run.join()
    assert not seen[0] & seen[1]
