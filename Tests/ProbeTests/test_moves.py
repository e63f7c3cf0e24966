"""What the host does to a name that a run chose, as a user to whom folders can be closed."""

import os
import subprocess
from pathlib import Path

import pytest
from support.paths import ROOT
from worlds.probe import COMPILER
from worlds.unconfined import USER

C = ROOT / "Sources" / "CSandbox"


@pytest.fixture(scope="session")
def move(folder):
    program = folder / "moves"
    sources = [Path(__file__).with_name("moves.c"), C / "files.c", C / "refusals.c"]
    # The header says to Swift what may be null; a plain C compiler knows no such words.
    options = ["-D_Nonnull=", "-D_Nullable=", "-DNDEBUG", "-I", C, "-I", C / "include"]
    subprocess.run([*COMPILER, *options, "-o", program, *sources], check=True)

    def move(*arguments) -> int:
        return subprocess.run([program, *arguments], user=USER, group=USER, extra_groups=[], timeout=10).returncode

    return move


@pytest.fixture
def place(folder):
    place = folder / "place"
    place.mkdir()
    os.chown(place, USER, USER)
    yield place
    place.chmod(0o700)
    for path in place.iterdir():
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    place.rmdir()


def test_a_links_target_keeps_its_mode(move, place):
    target = place / "target"
    target.write_text("")
    target.chmod(0o640)
    (place / "link").symlink_to(target)
    for path in place.iterdir():
        os.chown(path, USER, USER, follow_symlinks=False)
    # Nothing in it can be moved, and so the host opens up what it is to move.
    place.chmod(0o500)
    assert move(place, "link", "fresh") == 1
    assert target.stat().st_mode & 0o7777 == 0o640


def test_a_closed_folder_is_opened_up_and_moved(move, place):
    other = place / "closed"
    other.mkdir(mode=0o000)
    os.chown(other, USER, USER)
    assert move(place, "closed", "fresh") == 0
    assert (place / "fresh").is_dir()
