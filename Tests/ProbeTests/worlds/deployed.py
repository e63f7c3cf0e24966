"""Rampart as Lambda runs it: one long-lived process that polls, and is started anew when it exits."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

from support.envelope import check
from support.paths import BINARY
from support.processes import environment, family

from .leftovers import Leftovers, leftovers, processes_of, strangers, strays
from .probe import Probe
from .runtime_api import Answer
from .unconfined import SECRETS

# Also looks round for what another run may have left, with the numbers of processes and folders made alike.
HEALTHY = {
    "code": """
        root <- dirname(dirname(getwd()))
        places <- c("/tmp", "/var/tmp", "/dev/shm", root, list.dirs(root, recursive = FALSE))
        places <- grep("/run-", places, value = TRUE, invert = TRUE)
        own <- function(paths) paths[file.info(paths)$uid %in% file.info(".")$uid]
        seen <- own(list.files(places, all.files = TRUE, full.names = TRUE, no.. = TRUE))
        lives <- function(process) {
          stat <- tryCatch(suppressWarnings(readLines(file.path(process, "stat"))), error = function(e) NULL)
          !is.null(stat) && !grepl("[)] Z ", stat, useBytes = TRUE)
        }
        mine <- Filter(lives, own(list.files("/proc", "^[0-9]+$", full.names = TRUE)))
        tables <- lapply(c("shm", "msg", "sem"), function(kind) {
          tryCatch(suppressWarnings(readLines(file.path("/proc/sysvipc", kind))), error = function(e) NULL)
        })
        cat(sort(unique(gsub("[0-9]+", "N", seen))), length(mine), lengths(tables), "")
        cat(format(runif(1), digits = 15), ls(all.names = TRUE), list.files(all.files = TRUE, no.. = TRUE))
        cat(getOption("digits"), length(list.files(tempdir())), names(Sys.getenv()), search())
        ggplot2::ggplot(mtcars, ggplot2::aes(wt, mpg)) + ggplot2::geom_point()
    """,
    "seed": 1,
    "store": {"inline": True},
    "limits": {"wallSeconds": 10},
}
SETTINGS = {
    "RAMPART_WARMUP": "off",
    "RAMPART_SELF_TEST": "on",
    "RAMPART_OUTPUT_MB": "8",
    "RAMPART_WALL_SECONDS": "50",
    "RAMPART_CPU_SECONDS": "50",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "2048",
    "AWS_REGION": "us-east-1",
}


# What stands for the function's own timeout.
PATIENCE = 25


class Deployed:
    """A world that Rampart is in. `users` are those that its scripts may be."""

    def __init__(self, ground, api, library: Path, log: Path, users: range, launcher: list):
        self.users = users
        self._ground, self._api, self._library, self._log = ground, api, library, log
        self._command = [*map(str, launcher), str(BINARY), "lambda"]
        self._process = None
        self.restarts = -1

    @property
    def pid(self) -> int:
        return self._process.pid

    def run(self, probe: Probe) -> Answer:
        self._before = self._all_leftovers()
        for _ in range(probe.runs):
            answer = self.invoke(probe.event(self._library))
        return answer

    def invoke(self, event: dict, seconds: float = PATIENCE) -> Answer:
        """Returns the answer to an event, or what happened instead of one."""
        self._start_if_gone()
        refused = self._api.refused
        self._api.begin(event)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if answer := self._api.answer(0.02):
                self._wait_for_a_refused_answer(answer, refused)
                return answer
            if self._process.poll() is not None:
                return Answer("exit", str(self._process.returncode).encode())
        self.stop()
        return Answer("silence")

    def _wait_for_a_refused_answer(self, answer: Answer, refused: int):
        """A forged answer is here before the host's own, which is then refused."""
        if answer.body == b"forged":
            end = time.monotonic() + 10
            while self._api.refused == refused and time.monotonic() < end:
                time.sleep(0.02)

    def healthy(self) -> dict:
        """Returns what a healthy run's envelope says that should never change."""
        answer = self.invoke(HEALTHY)
        assert answer.kind == "response", answer
        envelope = check(answer.envelope)
        for volatile in ("requestId", "usage"):
            del envelope[volatile]
        for chart in envelope["charts"]:
            del chart["location"]
        return envelope

    @property
    def has_exited(self) -> bool:
        """Whether the host leaves by itself within a moment."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._process.wait(timeout=2) != 0
        return False

    def exit_status(self) -> int:
        """Waits for the host to leave by itself, and returns with what status."""
        return self._process.wait(timeout=10)

    def leftovers(self) -> Leftovers:
        """Returns what the last probe left behind, for another host's run may have left something too."""
        return self._all_leftovers() - self._before

    def clean(self):
        """Removes what runs left, where their user is this world's alone."""
        if len(self.users) == 1:
            self._all_leftovers().remove()

    def _all_leftovers(self) -> Leftovers:
        if len(self.users) > 1:
            return leftovers(self.users, strays(self.users))
        processes = strangers(self.users, self._process.pid) if self._process else processes_of(self.users)
        return leftovers(self.users, processes)

    def _start_if_gone(self):
        if self._process is None or self._process.poll() is not None:
            self._process = self._ground.run(self._start)
            self.restarts += 1

    def _start(self) -> subprocess.Popen:
        with self._log.open("ab") as log:
            return subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=environment(**SECRETS, **SETTINGS),
                start_new_session=True,
            )

    def stop(self):
        if self._process is None:
            return
        relatives = [pid for pid, _ in family(self._process.pid)]
        self._process.terminate()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for pid in relatives[1:]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process = None
