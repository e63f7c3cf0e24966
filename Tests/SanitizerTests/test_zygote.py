"""The C of zygote and worker under a sanitizer: this is their host, for Swift's own cannot be loaded beside it.

`scripts/sanitize` says where the instrumented package is and what is to be loaded before R. A finding aborts the
process that makes it, and its report is in that process's output.
"""

import errno
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

LIBRARY = os.environ["SANITIZED_LIBRARY"]
PRELOADED = os.environ["SANITIZER_RUNTIME"]
HEADER = Path(__file__).parents[2] / "Sources/CSandbox/include/rampart_wire.h"

READY, FORK, FORKED, REAP, REAPED, PREPARED, RUN, ACK = range(1, 9)
PATH_MAX, LAYERS, SECONDS = 256, 5, 60
NO_TAG = 0xFFFFFFFF
FRAME = struct.Struct("<I")


def test_the_messages_here_are_those_of_the_header():
    text = HEADER.read_text()
    assert re.findall(r"^    RAMPART_(READY|FORK|FORKED|REAP|REAPED|PREPARED|RUN|ACK)\b", text, re.M) == [
        "READY",
        "FORK",
        "FORKED",
        "REAP",
        "REAPED",
        "PREPARED",
        "RUN",
        "ACK",
    ]
    assert f"RAMPART_PATH_MAX {PATH_MAX}" in text


class Zygote:
    """R as the host starts it, with the sanitizer's runtime before all else."""

    def __init__(self, folder: Path):
        self.control, end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.control.settimeout(SECONDS)
        home = subprocess.run(["R", "RHOME"], check=True, capture_output=True, text=True).stdout.strip()
        self.log = folder / "zygote.log"
        environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(folder),
            "TMPDIR": str(folder),
            "LC_ALL": "C.UTF-8",
            "R_HOME": home,
            "LD_LIBRARY_PATH": f"{home}/lib",
            "R_SHARE_DIR": "/usr/share/R/share",
            "R_INCLUDE_DIR": "/usr/share/R/include",
            "R_DOC_DIR": "/usr/share/R/doc",
            "R_LIBS": LIBRARY,
            "CLI_NO_THREAD": "1",
            "OMP_NUM_THREADS": "1",
            "RAMPART_PRELOAD": "ggplot2",
            "RAMPART_WARMUP": "off",
            "LD_PRELOAD": PRELOADED,
            # The process is left by a system call, and R never frees all that it has.
            "ASAN_OPTIONS": "detect_leaks=0:abort_on_error=1:allocator_may_return_null=1",
            "UBSAN_OPTIONS": "abort_on_error=1",
        }
        command = [
            f"{home}/bin/exec/R",
            "--no-echo",
            "--no-restore",
            "--no-save",
            "--no-site-file",
            "--no-init-file",
            "--no-environ",
            f"--file={LIBRARY}/rampart/zygote.R",
        ]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[3],
                preexec_fn=lambda: os.dup2(end.fileno(), 3),
            )
        end.close()
        message = self.control.recv(1 << 17)
        assert message, self.log.read_text()
        kind, _, threads, _ = struct.unpack_from("=iiiI", message)
        assert (kind, threads) == (READY, 1)

    def fork(self, scratch: Path, spare: bool = False) -> "Worker":
        for name in ("work", "charts", "tmp"):
            (scratch / name).mkdir(parents=True)
        near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        pipes = [os.pipe() for _ in range(3)]
        path = str(scratch).encode().ljust(PATH_MAX, b"\0")
        message = struct.pack("=iIIIII", FORK, 0, 0, spare, NO_TAG, NO_TAG) + path
        socket.send_fds(self.control, [message], [far.fileno(), *(end[1] for end in pipes)])
        far.close()
        for _, end in pipes:
            os.close(end)
        kind, error, pid = struct.unpack("=iii", self.control.recv(64))
        assert (kind, error) == (FORKED, 0)
        return Worker(pid, near, *(end[0] for end in pipes))

    def reap(self, worker: "Worker") -> int:
        """Returns the worker's status as wait4 gives it; its pipes may be at their end before it is."""
        deadline = time.monotonic() + SECONDS
        while True:
            self.control.send(struct.pack("=ii", REAP, worker.pid))
            kind, error, status, pid = struct.unpack_from("=iiii", self.control.recv(64))
            assert (kind, pid) == (REAPED, worker.pid)
            if error != errno.EAGAIN or time.monotonic() > deadline:
                assert error == 0
                return status
            time.sleep(0.01)

    def leave(self) -> int:
        self.control.close()
        return self.process.wait(SECONDS)


class Worker:
    def __init__(self, pid: int, near: socket.socket, stdout: int, stderr: int, report: int):
        self.pid, self.socket, self.streams = pid, near, {"stdout": stdout, "stderr": stderr, "report": report}
        self.socket.settimeout(SECONDS)

    def await_prepared(self) -> None:
        message = self.socket.recv(256)
        assert len(message) == 8 + 8 * LAYERS
        assert struct.unpack_from("=i", message) == (PREPARED,)

    def run(self, code: str, transcript: bool = False, megabytes: int = 1024) -> None:
        script = os.memfd_create("script")
        chart = 'format="png",width=640L,height=480L,dpi=100L'
        told = f"list({chart},seed=7L,transcript={str(transcript).upper()},file_bytes=33554432)"
        os.write(script, told.encode() + b"\0" + code.encode())
        numbers = (30, megabytes << 20, (megabytes + 1024) << 20, 32 << 20, 0)
        message = struct.pack("=i?3x5Q", RUN, transcript, *numbers)
        socket.send_fds(self.socket, [message], [script])
        os.close(script)

    def hear_out(self) -> dict[str, bytes]:
        """Reads all streams to their ends."""
        with ThreadPoolExecutor(len(self.streams)) as pool:
            return dict(zip(self.streams, pool.map(read_to_the_end, self.streams.values()), strict=True))


def read_to_the_end(descriptor: int) -> bytes:
    with os.fdopen(descriptor, "rb") as stream:
        return stream.read()


def frames(report: bytes) -> list[bytes]:
    found = []
    while report:
        (length,) = FRAME.unpack_from(report)
        found.append(report[4 : 4 + length])
        report = report[4 + length :]
    return found


@pytest.fixture(scope="module")
def zygote(tmp_path_factory):
    running = Zygote(tmp_path_factory.mktemp("zygote"))
    yield running
    if running.process.poll() is None:
        running.process.kill()
        running.process.wait()


@pytest.fixture
def scratch():
    # As short as the host's own: a path has 256 bytes.
    folder = Path("/tmp") / f"sanitized-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


SCRIPTS = {
    "a plot": ("plot(1:10)", "completed"),
    "a ggplot": ("library(ggplot2)\nggplot(mpg, aes(displ, hwy)) + geom_point()", "completed"),
    "a transparent page": ("par(bg = '#FF000080')\nplot(1:10)", "completed"),
    "conditions": ("for (i in 1:300) warning(strrep('w', 5000))\nmessage('é\\u0001')", "completed"),
    "a value": ("list(a = 1:3, b = data.frame(x = c(NA, 1.5), y = factor(c('u', 'v'))), c = Sys.time())", "completed"),
    "an error": ("f <- function(x) g(x)\ng <- function(x) stop('no')\nf(1)", "failed"),
    "no code": ("x <- (", "failed"),
    "refused memory": ("x <- numeric(2^34)", "failed"),
    "long text": ("cat(strrep('x', 60000))\nstop(strrep('é', 1e6))", "failed"),
}


@pytest.mark.parametrize("spare", [False, True], ids=["on demand", "as a spare"])
@pytest.mark.parametrize(("code", "end"), SCRIPTS.values(), ids=SCRIPTS.keys())
def test_a_script_runs_with_no_finding(zygote, scratch, code, end, spare):
    worker = zygote.fork(scratch, spare)
    worker.await_prepared()
    worker.run(code)
    said = worker.hear_out()
    assert zygote.reap(worker) == 0, said["stderr"].decode(errors="replace")
    assert b'"status":"%s"' % end.encode() in said["report"], said
    assert all(frame.startswith(b'{"kind":') for frame in frames(said["report"]))
    assert b"runtime error" not in said["stderr"]


def test_a_script_that_aborts_says_whether_memory_was_short(zygote, scratch):
    worker = zygote.fork(scratch)
    worker.await_prepared()
    worker.run("x <- raw(30e6)\ntools::pskill(Sys.getpid(), 6)\nSys.sleep(9)", megabytes=32)
    said = worker.hear_out()
    assert zygote.reap(worker) & 127 == signal.SIGABRT
    assert frames(said["report"]) == [b'{"kind":"start"}', b'{"kind":"short","of":"memory"}']


@pytest.mark.parametrize("message", [b"", b"?", struct.pack("=ii", RUN, 1), bytes(96), bytes(300)], ids=len)
def test_a_worker_leaves_where_what_it_is_sent_is_no_run(zygote, scratch, message):
    worker = zygote.fork(scratch)
    worker.await_prepared()
    if message:
        worker.socket.send(message)
    worker.socket.close()
    assert worker.hear_out()["stderr"] == b""
    assert zygote.reap(worker) >> 8 == (65 if message else 0)


@pytest.mark.parametrize("message", [b"?", bytes(8), bytes(9000), struct.pack("=ii", REAP, -1)], ids=len)
def test_a_zygote_leaves_where_what_it_is_sent_is_no_message(tmp_path, message):
    zygote = Zygote(tmp_path)
    zygote.control.send(message)
    assert zygote.process.wait(SECONDS) == 65
    assert "Sanitizer" not in zygote.log.read_text()


def test_a_zygote_leaves_with_its_host(tmp_path, scratch):
    zygote = Zygote(tmp_path)
    worker = zygote.fork(scratch)
    worker.await_prepared()
    assert zygote.leave() == 0
    # Nobody holds its pipes any more.
    worker.hear_out()
