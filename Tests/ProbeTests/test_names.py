"""A name that is looked up is carried to a name server, with what a script has put into it."""

import json
import socket
import subprocess

import pytest
from conftest import LAMBDA_USER
from support.paths import BINARY
from support.processes import environment
from worlds.probe import build_launcher
from worlds.unconfined import USER

LOOK_UP = 'print(nsl("secret.example"))'
EVENT = json.dumps({"code": LOOK_UP, "store": {"inline": True}})


@pytest.fixture
def names(ground, tmp_path):
    """Runs a command where the name server is this test; returns what it printed, and whether it was asked."""
    place, _ = ground()
    server = place.run(socket.socket, socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 53))
    server.setblocking(False)
    settings = tmp_path / "resolv.conf"
    settings.write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
    settings.chmod(0o644)
    there = ["unshare", "--mount", "sh", "-c", f'mount --bind {settings} /etc/resolv.conf && exec "$@"', "sh"]

    def run(*command, stdin: str = "") -> tuple[str, bool]:
        ended = place.run(
            subprocess.run,
            [*there, *map(str, command)],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            env=environment(RAMPART_WARMUP="off", RAMPART_PRELOAD="", RAMPART_REQUIRE="shield"),
        )
        return ended.stdout + ended.stderr, was_asked(server)

    yield run
    server.close()


def was_asked(server: socket.socket) -> bool:
    asked = False
    while True:
        try:
            asked |= b"secret" in server.recv(512)
        except BlockingIOError:
            return asked


def test_unconfined_a_name_server_is_asked(names):
    _, asked = names("setpriv", f"--reuid={USER}", "--clear-groups", "Rscript", "-e", LOOK_UP)
    assert asked


@pytest.mark.parametrize("confinement", ["every layer", "the worst case"])
def test_no_script_asks_one(names, folder, confinement):
    launcher = [build_launcher(folder), LAMBDA_USER] if confinement == "the worst case" else []
    said, asked = names(*launcher, BINARY, "invoke", "-", stdin=EVENT)
    assert json.loads(said)["stdout"]["text"] == "NULL\n", said
    assert not asked
