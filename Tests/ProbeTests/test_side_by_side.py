"""Several runs at once: hostile ones beside healthy ones, which must not notice; and two hosts of one user."""

import itertools
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import RUN_USERS, SIDE_USER
from expected import WORST_CASE, own_run_only, swept, swept_and_kept
from worlds.probe import build_launcher, load_probes
from worlds.side_by_side import SideBySide, busy

PROBES = {probe.name: probe for probe in load_probes()}
CONTAINED = (own_run_only, swept, swept_and_kept)
# What reaches the zygote or the host reaches all runs, which RAMPART_SHARE_USER accepts.
OF_ITS_OWN_RUN = [name for name, row in WORST_CASE.items() if row.containment in CONTAINED]
QUICK = [name for name, probe in PROBES.items() if probe.unconfined in ("breach", "ends")]


def pairs(names: list[str]) -> list[tuple[str, str]]:
    return list(itertools.zip_longest(names[::2], names[1::2], fillvalue=names[0]))


@pytest.fixture(scope="module")
def confined(ground, tmp_path_factory):
    network, _ = ground()
    world = SideBySide(network, tmp_path_factory.mktemp("side") / "log", RUN_USERS, [], 4)
    yield world
    world.stop()


@pytest.fixture(scope="module")
def worst(ground, folder, tmp_path_factory):
    network, _ = ground()
    launcher = [build_launcher(folder), SIDE_USER]
    users = range(SIDE_USER, SIDE_USER + 1)
    log = tmp_path_factory.mktemp("side-worst") / "log"
    world = SideBySide(network, log, users, launcher, 4, RAMPART_SHARE_USER="on")
    yield world
    world.stop()


def expect_unnoticed(world, library, names: tuple[str, str]):
    """Runs two probes and two healthy scripts at once; the healthy ones end as they do alone."""
    hostile = [PROBES[name].event(library) for name in names]
    answers = world.invoke_all([busy(3), *hostile, busy(3)])
    for kind, envelope in (answers[0], answers[-1]):
        assert kind == "response", envelope
        assert (envelope["status"], envelope["stdout"]["text"]) == ("completed", "well: TRUE"), envelope
        assert (len(envelope["charts"]), len(envelope["files"])) == (1, 50)
        assert envelope["conditions"] == []
    assert world.process.poll() is None


@pytest.mark.parametrize("names", pairs(QUICK), ids="+".join)
def test_with_every_layer_a_healthy_run_notices_no_hostile_one(names, confined, library):
    expect_unnoticed(confined, library, names)


@pytest.mark.parametrize("names", pairs(OF_ITS_OWN_RUN), ids="+".join)
def test_in_the_worst_case_a_healthy_run_notices_no_hostile_one(names, worst, library):
    expect_unnoticed(worst, library, names)
    assert not worst.leftovers().processes


def test_two_hosts_of_one_user_leave_each_others_r_alone(ground, folder, tmp_path):
    network, _ = ground()
    launcher = [build_launcher(folder), SIDE_USER]
    users = range(SIDE_USER, SIDE_USER + 1)
    first = SideBySide(network, tmp_path / "first", users, launcher, 1)
    try:
        assert first.invoke(busy(0.1))[0] == "response"
        zygote = first.zygote
        # The second one starts, cleans up and answers while the first one's runs begin and end.
        second = SideBySide(network, tmp_path / "second", users, launcher, 1)
        try:
            for _ in range(10):
                for host in (first, second):
                    kind, envelope = host.invoke(busy(0.1))
                    assert (kind, envelope["status"]) == ("response", "completed"), envelope
        finally:
            second.stop()
        assert first.zygote == zygote
        assert first.invoke(busy(0.1))[1]["status"] == "completed"
    finally:
        first.stop()


def test_runs_that_could_harm_each_other_stop_the_start(ground, folder, tmp_path):
    network, _ = ground()
    launcher = [build_launcher(folder), SIDE_USER]
    users = range(SIDE_USER, SIDE_USER + 1)
    world = SideBySide(network, tmp_path / "log", users, launcher, 2)
    try:
        assert world.process.wait(timeout=60) == 78
    finally:
        world.stop()
    log = (tmp_path / "log").read_text()
    assert "RAMPART_SHARE_USER=on" in log and "AWS_LAMBDA_MAX_CONCURRENCY" in log


@pytest.fixture
def pair(ground, folder, tmp_path):
    """A host in the worst case that runs two scripts at once, and may end."""
    network, _ = ground()
    launcher = [build_launcher(folder), SIDE_USER]
    users = range(SIDE_USER, SIDE_USER + 1)
    world = SideBySide(network, tmp_path / "log", users, launcher, 2, RAMPART_SHARE_USER="on")
    yield world
    world.stop()


def test_a_connection_beside_another_run_blames_neither_and_ends_the_environment(pair, library):
    answers = pair.invoke_all([busy(3), PROBES["native-connect"].event(library)])
    assert [(kind, envelope["status"]) for kind, envelope in answers] == [("response", "completed")] * 2
    assert pair.process.wait(timeout=30) == 70


def test_a_connection_of_the_only_run_is_its_own(pair, library):
    kind, fault = pair.invoke(PROBES["native-connect"].event(library))
    assert (kind, fault["errorType"]) == ("error", "Runtime.Tainted")
    assert pair.process.wait(timeout=30) == 70


def test_connections_of_the_host_beside_a_run_are_no_taint(pair):
    # Each answer of one loop may open a connection while the other one's script runs.
    with ThreadPoolExecutor(1) as other:
        long = other.submit(pair.invoke, busy(5))
        for _ in range(8):
            assert pair.invoke(busy(0.1))[1]["status"] == "completed"
        assert long.result()[1]["status"] == "completed"
    assert pair.process.poll() is None
