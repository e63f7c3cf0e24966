"""Each layer of the worker's own, on and off: the C that confines is tried without R around it."""

import errno
import os
import signal
import subprocess

import pytest
from support.paths import ROOT
from worlds.unconfined import USER

CONFINE = ROOT / "r-bootstrap" / "src" / "confine"
SOURCES = [CONFINE / name for name in ("confine.c", "files.c", "syscalls.c", "limits.c")]
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

    def run(act: str, *on: str, user: int = USER) -> subprocess.CompletedProcess:
        for made in scratch.iterdir():
            made.unlink()
        environment = {"LD_LIBRARY_PATH": "/usr/lib/R/lib"}
        return subprocess.run(
            [program, scratch, act, *on],
            user=user,
            group=user,
            extra_groups=[],
            env=environment,
            capture_output=True,
            text=True,
            timeout=10,
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
    ("descriptors", "use-inherited", errno.EBADF),
    ("descriptors", "read-usr", 0),
    ("limits", "open-many", errno.EMFILE),
    ("limits", "lift-limit", errno.EPERM),
    ("limits", "lock-memory", errno.EPERM),
    ("limits", "allocate", errno.ENOMEM),
    ("limits", "share-memory", errno.ENOMEM),
    ("limits", "write-large", errno.EFBIG),
    ("limits", "spend-time", -signal.SIGXCPU),
    ("limits", "write-scratch", 0),
]
# For root alone: who else could do them?
AS_ROOT = [
    ("user", "read-shadow", errno.EACCES),
    ("user", "write-scratch", 0),
]


@pytest.mark.parametrize(("layer", "act", "error"), ACTS)
def test_a_layer_decides(layers, layer, act, error):
    assert layers(act, layer).returncode == error
    assert layers(act).returncode == 0, "without the layer, the act succeeds"


@pytest.mark.parametrize(("layer", "act", "error"), AS_ROOT)
def test_a_layer_decides_what_root_may(layers, layer, act, error):
    assert layers(act, layer, user=0).returncode == error
    assert layers(act, user=0).returncode == 0, "without the layer, the act succeeds"


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


def test_the_doctor_tells_what_does_not_hold_and_does_no_harm(worst):
    answer = worst.invoke({"selfTest": True}, seconds=60)
    findings = {finding["layer"]: finding for finding in answer.envelope["selfTest"]["layers"]}
    reached = {name for name, finding in findings.items() if finding["result"] == "reached"}
    assert reached >= {"user", "syscalls", "files", "network"}
    assert answer.envelope["selfTest"]["sound"] is True
    assert worst.healthy() == worst.baseline
    assert not worst.has_exited
