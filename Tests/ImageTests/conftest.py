"""The image, and two worlds in it; `scripts/test-image` says where its tree is."""

import os

import pytest
from inside.image import RUN_IMAGE, USER, Image
from inside.world import InImage
from worlds.ground import Ground
from worlds.leftovers import forget_keys, processes_of
from worlds.probe import build_launcher, build_library
from worlds.runtime_api import RuntimeAPI

# The one user of Lambda's worst case.
LAMBDA_USER = 61502
# Whom nothing else in these tests is run as.
ANOTHER_USER = 61503


def pytest_sessionstart():
    if os.geteuid() != 0 or not {"IMAGE_ROOT", "IMAGE_CONFIG"} <= os.environ.keys():
        pytest.exit("run `make image image-test`, as root", returncode=2)
    for user in (USER, LAMBDA_USER, ANOTHER_USER):
        if processes_of(range(user, user + 1)):
            pytest.exit(f"the user {user} is in use: the image is run as it and is swept by it", 2)
        forget_keys(user)


@pytest.fixture(scope="session")
def image() -> Image:
    return Image.given()


@pytest.fixture(scope="session")
def library(tmp_path_factory):
    return build_library(tmp_path_factory.mktemp("library"))


@pytest.fixture(scope="session")
def confined(image, library, tmp_path_factory):
    """As one plain user, with all that this kernel grants."""
    yield from world(library, tmp_path_factory.mktemp("confined"), USER, [RUN_IMAGE, image.root])


@pytest.fixture(scope="session")
def worst(image, library, tmp_path_factory):
    """As one plain user, where nothing that confines may be called."""
    launcher = build_launcher(tmp_path_factory.mktemp("launcher"))
    command = [
        "env",
        f"RUN_IMAGE_USER={LAMBDA_USER}",
        RUN_IMAGE,
        "--tool",
        launcher,
        image.root,
        "/mnt/launcher",
        LAMBDA_USER,
    ]
    yield from world(library, tmp_path_factory.mktemp("worst"), LAMBDA_USER, command)


@pytest.fixture(scope="module")
def deployed(image, library, tmp_path_factory):
    """As an engine would start it, by the configuration alone."""
    command = ["env", f"RUN_IMAGE_USER={ANOTHER_USER}", f"RUN_IMAGE_ENV={image.variables}", RUN_IMAGE, image.root]
    place = tmp_path_factory.mktemp("deployed")
    yield from world(library, place, ANOTHER_USER, command, image.config["Entrypoint"])


def world(library, place, user: int, launcher: list, *program):
    ground = Ground()
    api = ground.run(RuntimeAPI)
    there = InImage(ground, api, library, place / "log", user, launcher, *program)
    there.baseline = there.healthy()
    yield there
    there.clean()
    there.stop()
    api.close()
    ground.close()
    print((place / "log").read_text(errors="replace")[-4000:])
