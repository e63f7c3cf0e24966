"""What a user leaves behind: processes, files, System V segments, queues and semaphores."""

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from support.processes import family

PLACES = ("/tmp", "/var/tmp", "/dev/shm")
IPC = {"shm": ("-m", 7), "msg": ("-q", 7), "sem": ("-s", 4)}


@dataclass(frozen=True)
class Leftovers:
    processes: list[int]
    files: list[Path]
    ipc: list[tuple[str, str]]

    def __bool__(self):
        return bool(self.processes or self.files or self.ipc)

    def __sub__(self, other):
        return Leftovers(
            *(
                [left for left in mine if left not in theirs]
                for mine, theirs in zip(self._lists(), other._lists(), strict=True)
            )
        )

    def _lists(self):
        return self.processes, self.files, self.ipc

    def remove(self):
        for pid in self.processes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for path in self.files:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
        for kind, identity in self.ipc:
            subprocess.run(["ipcrm", IPC[kind][0], identity], check=False)


def leftovers(users: range, processes: list[int]) -> Leftovers:
    """Returns the processes, and what else belongs to the users but the host's own folder."""
    return Leftovers(
        processes,
        [path for place in PLACES for path in entries(place) if owner(path) in users],
        list(ipc_of(users)),
    )


def forget_keys(user: int):
    """Empties the kernel's keyring of a user: a key that an earlier session left is only written to anew."""
    keyctl, clear, of_the_user = 250, 7, -4

    def forget():
        ctypes.CDLL(None).syscall(keyctl, clear, of_the_user, 0, 0, 0)

    subprocess.run(["/bin/true"], check=True, user=user, group=user, extra_groups=[], preexec_fn=forget)


def strays(users: range) -> list[int]:
    """Returns the users' processes that no zygote of anyone's is the parent of: other hosts may be at work."""
    return [pid for pid in processes_of(users) if not is_zygote(parent_of(pid))]


def strangers(users: range, host: int) -> list[int]:
    """Returns the users' living processes that do not descend from a host, which may be forking its next worker."""
    found = processes_of(users)
    own = {pid for pid, _ in family(host)}
    return [pid for pid in found if pid not in own and is_alive(Path(f"/proc/{pid}"))]


def parent_of(pid: int) -> int:
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return 0


def is_zygote(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return b"/rampart/zygote.R\0" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def entries(place: str):
    return [path for path in Path(place).iterdir() if not path.name.startswith("rampart-")]


def owner(path: Path) -> int:
    with contextlib.suppress(OSError):
        return path.lstat().st_uid
    return -1


def processes_of(users: range) -> list[int]:
    return [int(folder.name) for folder in Path("/proc").glob("[0-9]*") if owner(folder) in users and is_alive(folder)]


def is_alive(process: Path) -> bool:
    """Whether any thread of it lives: the first one may have ended."""
    with contextlib.suppress(OSError):
        fields = (process / "stat").read_text().rpartition(")")[2].split()
        return fields[0] not in "ZX" or int(fields[17]) > 1
    return False


def ipc_of(users: range):
    for kind, (_, column) in IPC.items():
        with contextlib.suppress(FileNotFoundError):
            for line in Path(f"/proc/sysvipc/{kind}").read_text().splitlines()[1:]:
                fields = line.split()
                if int(fields[column]) in users:
                    yield kind, fields[1]
