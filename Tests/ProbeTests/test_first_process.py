"""Rampart as the first process of a container, whose children all orphans become."""

import contextlib
from pathlib import Path

import pytest
from conftest import FIRST_USER, deployed
from worlds.probe import build_launcher


@pytest.fixture
def first(ground, library, folder, tmp_path):
    namespace = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]
    launcher = [*namespace, build_launcher(folder), FIRST_USER]
    yield from deployed(ground, library, tmp_path, range(FIRST_USER, FIRST_USER + 1), launcher)


def states() -> list[str]:
    """Returns the state of each process of the user."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if path.stat().st_uid == FIRST_USER:
                found.append((path / "stat").read_text().rpartition(")")[2].split()[0])
    return found


def test_it_reaps_the_orphans_that_runs_leave(first):
    for _ in range(3):
        answer = first.invoke({"code": "for (i in 1:5) system('sh -c \"sleep 0.1 &\"')", "store": {"inline": True}})
        assert answer.envelope["status"] == "completed"
    assert first.healthy() == first.baseline
    # The host, its zygote, and a worker that may be on its way.
    assert len(states()) <= 3
