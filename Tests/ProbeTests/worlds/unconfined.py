"""Plain Rscript as a user that nothing else is: every act must succeed here, or its probe proves nothing."""

import contextlib
import fcntl
import os
import resource
import shutil
import subprocess
import time
from pathlib import Path

from .leftovers import leftovers, owner, processes_of
from .probe import Probe

USER = 61500
USERS = range(USER, USER + 1)
BOUNDS = {
    resource.RLIMIT_AS: 6 << 30,
    resource.RLIMIT_NPROC: 300,
    resource.RLIMIT_FSIZE: 700 << 20,
    resource.RLIMIT_CPU: 30,
    resource.RLIMIT_CORE: 0,
}
# Two shells stand for host and zygote: processes of the same user, with the function's secrets.
FAMILY = 'sh -c "Rscript --vanilla probe.R; true"; true'
SECRETS = {
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "TOPSECRET",
    "AWS_SESSION_TOKEN": "TOPSECRET-token",
    "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:9001",
}
PATIENCE = {"breach": 20, "ends": 20, "grows": 20, "floods": 20, "overruns": 4}
FLOOD = 16 << 20
GROWTH = 400 << 20


class Unconfined:
    def __init__(self, ground, api, library: Path, folder: Path):
        self._ground, self._api, self._library, self._folder = ground, api, library, folder

    def observe(self, probe: Probe) -> tuple[str, str]:
        """Returns what the probe did, in the words of its header, and the start of what it printed."""
        for _ in range(probe.runs):
            seen = self._observe_once(probe)
        return seen

    def clean(self):
        leftovers(USERS, processes_of(USERS)).remove()

    def _observe_once(self, probe: Probe) -> tuple[str, str]:
        work = self._folder / probe.name
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(mode=0o755)
        (work / "probe.R").write_text(probe.code)
        if probe.needs_library:
            shutil.copy(self._library, work)
        for path in (work, *work.iterdir()):
            os.chown(path, USER, USER)
        self._api.pretend()
        process = self._ground.run(start, work)
        try:
            return watch(process, probe.unconfined)
        finally:
            self._api.abandon()
            self.kill(process)
            shutil.rmtree(work, ignore_errors=True)

    @staticmethod
    def kill(process):
        # All at once, because a chain of forks outruns a search.
        everyone = ["/bin/sh", "-c", "kill -9 -1"]
        subprocess.run(everyone, user=USER, group=USER, extra_groups=[], stderr=subprocess.DEVNULL, check=False)
        for _ in range(50):
            found = processes_of(USERS)
            for pid in found:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, 9)
            if not found:
                break
            process.poll()
            time.sleep(0.02)
        process.wait()
        process.stdout.close()
        # Until init has reaped them they count among those that the next probe may have.
        end = time.monotonic() + 20
        while unreaped() and time.monotonic() < end:
            time.sleep(0.02)


def unreaped() -> bool:
    return any(owner(folder) == USER for folder in Path("/proc").glob("[0-9]*"))


def start(work: Path) -> subprocess.Popen:
    environment = {"PATH": os.environ["PATH"], "HOME": str(work), "LANG": "C.UTF-8", **SECRETS}
    inherited = os.open("/dev/zero", os.O_RDONLY)
    high = fcntl.fcntl(inherited, fcntl.F_DUPFD, 200)
    process = subprocess.Popen(
        ["/bin/sh", "-c", FAMILY],
        pass_fds=[high],
        cwd=work,
        env=environment,
        user=USER,
        group=USER,
        extra_groups=[],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=bound,
    )
    os.close(inherited)
    os.close(high)
    os.set_blocking(process.stdout.fileno(), False)
    return process


def bound():
    for limit, value in BOUNDS.items():
        resource.setrlimit(limit, (value, value))


def watch(process: subprocess.Popen, wanted: str) -> tuple[str, str]:
    """Reads until the wanted thing has happened, the process is over, or patience is."""
    text, total, end = b"", 0, time.monotonic() + PATIENCE[wanted]
    while time.monotonic() < end:
        piece = process.stdout.read(1 << 20)
        total += len(piece or b"")
        text = (text + (piece or b""))[: 1 << 20]
        happened = (
            "breach"
            if b"BREACH" in text and wanted != "grows"
            else "floods"
            if total > FLOOD
            else "grows"
            if wanted == "grows" and resident() > GROWTH
            else "ends"
            if piece == b""
            else None
        )
        if happened:
            return happened, text[-4000:].decode(errors="replace")
        if piece is None:
            time.sleep(0.01)
    return "overruns", text[-4000:].decode(errors="replace")


def resident() -> int:
    """Returns the largest resident size of the user's processes."""
    sizes = [0]
    for pid in processes_of(USERS):
        try:
            sizes.append(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize())
        except OSError:
            continue
    return max(sizes)
