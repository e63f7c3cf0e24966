"""Processes that end with the test that started them, and take their children along."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

from .paths import TOOLS

# What Lambda gives a function: a locale that the image does not have, and a time zone R cannot read.
LAMBDA_LOCALE = {"LANG": "en_US.UTF-8", "TZ": ":UTC"}


def environment(**settings: str) -> dict[str, str]:
    """Returns a clean environment, so that nothing of the developer's own reaches a test."""
    path = f"{TOOLS}:{os.environ['PATH']}"
    return {"PATH": path, "HOME": os.environ.get("HOME", "/"), **LAMBDA_LOCALE, **settings}


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_until(condition, seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{what}: not within {seconds} s"
        time.sleep(0.02)


def wait_for_the_script(scratch: str | Path) -> None:
    """Waits until the script has written the file `begun` that it begins with."""
    wait_until(lambda: list(Path(scratch).glob("rampart-*/run-*/work/begun")), 20, "the script runs")


def accepts(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def family(pid: int) -> list[tuple[int, str]]:
    """Returns a process and all that descend from it, as (pid, start time)."""
    members = []
    with contextlib.suppress(OSError):
        members.append((pid, start_time(pid)))
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                members += family(int(child))
    return members


def start_time(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]


def command_name(pid: int) -> str:
    return Path(f"/proc/{pid}/comm").read_text().strip()


def is_running(member: tuple[int, str]) -> bool:
    pid, started = member
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return False
    return state[19] == started and state[0] != "Z"


def r_processes(pid: int) -> list[tuple[int, str]]:
    """Returns the descendants of a process that are R; its image has no name, its arguments have."""
    return [member for member in family(pid) if is_running(member) and is_r(member[0])]


def is_r(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return b"/rampart/zygote.R\0" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def with_argument(argument: str) -> list[int]:
    """Returns the processes, wherever they descend from, that have this word on their command line."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if argument.encode() in (folder / "cmdline").read_bytes().split(b"\0"):
                found.append(int(folder.name))
    return found


@contextlib.contextmanager
def started(command: list, log: Path, env: dict[str, str], cwd: Path | None = None):
    """Runs a process during the block, then ends it and sees that none of its family outlives it."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        yield process
    finally:
        relatives = family(process.pid)
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        expect_gone(relatives)


def expect_gone(members: list[tuple[int, str]], seconds: float = 5) -> None:
    """Fails if one of the processes is still there after a while, having killed it."""
    with_names = [(member, name_of(member)) for member in members]
    try:
        wait_until(lambda: not any(map(is_running, members)), seconds, "processes left behind")
    except AssertionError as error:
        left = [(name, member) for member, name in with_names if is_running(member)]
        for _, (pid, _) in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        raise AssertionError(f"left behind: {left}") from error


def name_of(member: tuple[int, str]) -> str:
    with contextlib.suppress(OSError):
        return command_name(member[0])
    return "gone"
