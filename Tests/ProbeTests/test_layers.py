"""Each layer of the worker's own, on and off: the C that confines is tried without R around it."""

import errno
import os
import subprocess

import pytest
from support.paths import ROOT
from worlds.unconfined import USER

SOURCES = [ROOT / "r-bootstrap" / "src" / name for name in ("files.c", "syscalls.c", "limits.c")]
OURS = {"files", "syscalls", "user", "limits", "descriptors", "environment"}


def config(what: str) -> list[str]:
    return subprocess.run(["R", "CMD", "config", what], check=True, capture_output=True, text=True).stdout.split()


@pytest.fixture(scope="session")
def layers(folder):
    """The program of layers.c, and a scratch directory for the user that it is run as."""
    program, scratch = folder / "layers", folder / "layers-scratch"
    headers = ["-I", ROOT / "r-bootstrap" / "src", *config("--cppflags")]
    command = ["cc", "-std=c11", "-O1", "-Wall", "-Wextra", "-Werror", *headers, "-o", program]
    source = ROOT / "Tests" / "ProbeTests" / "layers.c"
    subprocess.run([*command, source, *SOURCES, *config("--ldflags")], check=True)
    scratch.mkdir()
    os.chown(scratch, USER, USER)

    def run(act: str, *on: str) -> subprocess.CompletedProcess:
        for made in scratch.iterdir():
            made.unlink()
        environment = {"LD_LIBRARY_PATH": "/usr/lib/R/lib"}
        return subprocess.run(
            [program, scratch, act, *on], user=USER, group=USER, extra_groups=[], env=environment,
            capture_output=True, text=True, timeout=10,
        )

    yield run
    if os.path.exists("/tmp/layers-act"):
        os.unlink("/tmp/layers-act")


ACTS = [
    ("files", "read-outside", errno.EACCES),
    ("files", "read-proc", errno.EACCES),
    ("files", "write-outside", errno.EACCES),
    ("files", "make-fifo", errno.EACCES),
    ("files", "make-socket", errno.EACCES),
    ("files", "connect-tcp", errno.EACCES),
    ("files", "run-program", 0),
    ("files", "write-scratch", 0),
    ("files", "read-usr", 0),
    ("syscalls", "open-socket", errno.EACCES),
    ("syscalls", "connect-tcp", errno.EACCES),
    ("files", "signal-neighbour", errno.EPERM),
    ("syscalls", "signal-neighbour", errno.EPERM),
    ("syscalls", "start-process", errno.EPERM),
    ("syscalls", "run-program", errno.EACCES),
    ("syscalls", "make-fifo", errno.EPERM),
    ("syscalls", "write-scratch", 0),
    ("syscalls", "read-usr", 0),
]


@pytest.mark.parametrize(("layer", "act", "error"), ACTS)
def test_a_layer_decides(layers, layer, act, error):
    assert layers(act, layer).returncode == error
    assert layers(act).returncode == 0, "without the layer, the act succeeds"


def test_both_layers_together_leave_the_scratch_directory(layers):
    assert layers("write-scratch", "files", "syscalls").returncode == 0


def test_every_layer_is_enforced_here(confined):
    confinement = confined.baseline["confinement"]
    assert {name: confinement["layers"][name] for name in OURS} == dict.fromkeys(OURS, "enforced")
    assert not OURS & set(confinement["refused"])


def test_what_the_kernel_refuses_is_said_with_its_errno(worst):
    confinement = worst.baseline["confinement"]
    said = {name: confinement["layers"][name] for name in ("syscalls", "files", "user")}
    assert said == {"syscalls": "unavailable", "files": "unavailable", "user": "off"}
    assert {name: confinement["refused"][name] for name in ("syscalls", "files")} == {
        "syscalls": "EPERM",
        "files": "EPERM",
    }
