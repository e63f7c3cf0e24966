"""The three worlds; each is made once, in a network of its own, and taken down with the session."""

import os
import shutil
from pathlib import Path

import pytest
from support.paths import BINARY
from worlds.deployed import Deployed
from worlds.ground import Ground
from worlds.leftovers import forget_keys, processes_of
from worlds.probe import build_launcher, build_library
from worlds.runtime_api import RuntimeAPI
from worlds.unconfined import USERS, Unconfined

# Where Rampart takes the users of its runs from, as root; and the one user of Lambda's worst case.
RUN_USERS = range(60600, 61100)
LAMBDA_USER = 61501
# Of hosts that run several scripts at once, or beside each other.
SIDE_USER = 61504
# The same, where Rampart is the first process of a container.
FIRST_USER = 61503
PROBES = Path("/tmp/rampart-probes")


def pytest_sessionstart():
    if os.geteuid() != 0:
        pytest.exit("the probes are run as users that nothing else is, which only root can become", 2)
    if not os.access(BINARY, os.X_OK):
        pytest.exit(f"missing: {BINARY}; run `make setup build` first", returncode=2)
    single = [range(user, user + 1) for user in (LAMBDA_USER, SIDE_USER, FIRST_USER)]
    for users in (USERS, *single):
        if processes_of(users):
            pytest.exit(f"the user {users.start} is in use: probes run as it and are swept by it", 2)
        forget_keys(users.start)


@pytest.fixture(scope="session")
def folder():
    """A place that every user can reach."""
    shutil.rmtree(PROBES, ignore_errors=True)
    PROBES.mkdir(mode=0o755)
    (PROBES / "planted.txt").write_text("anyone may read this, and no script needs to\n")
    yield PROBES
    shutil.rmtree(PROBES, ignore_errors=True)


@pytest.fixture(scope="session")
def library(folder):
    return build_library(folder)


@pytest.fixture(scope="session")
def ground():
    """Makes networks, each with a Runtime API in it."""
    made = []

    def make():
        ground = Ground()
        api = ground.run(RuntimeAPI)
        made.append((ground, api))
        return ground, api

    yield make
    for ground, api in made:
        api.close()
        ground.close()


@pytest.fixture(scope="session")
def unconfined(ground, library, folder):
    world = Unconfined(*ground(), library, folder)
    yield world
    world.clean()


@pytest.fixture(scope="session")
def confined(ground, library, tmp_path_factory):
    """Rampart as root, with all that this kernel grants."""
    yield from deployed(ground, library, tmp_path_factory.mktemp("confined"), RUN_USERS, [])


@pytest.fixture(scope="session")
def worst(ground, library, folder, tmp_path_factory):
    """Rampart as one plain user, where nothing that confines may be called."""
    launcher = [build_launcher(folder), LAMBDA_USER]
    users = range(LAMBDA_USER, LAMBDA_USER + 1)
    yield from deployed(ground, library, tmp_path_factory.mktemp("worst"), users, launcher)


def deployed(ground, library, place, users, launcher):
    world = Deployed(*ground(), library, place / "log", users, launcher)
    world.baseline = world.healthy()
    yield world
    world.clean()
    world.stop()
    print((place / "log").read_text(errors="replace")[-4000:])
