"""Rampart with several runs at once, and hosts beside each other."""

import contextlib
import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from support.concurrent_api import ScriptedRuntimeAPI
from support.envelope import check
from support.paths import BINARY
from support.processes import environment, family

from .leftovers import Leftovers, leftovers, strangers

SETTINGS = {
    "RAMPART_WARMUP": "off",
    "RAMPART_PRELOAD": "",
    "RAMPART_WALL_SECONDS": "50",
    "RAMPART_CPU_SECONDS": "50",
    "AWS_REGION": "us-east-1",
}

# What stands for the function's own timeout.
PATIENCE = 60

# Works in its own folder and its own memory as long as its neighbours take, and would see if one reached in.
BUSY = {
    "code": """
        dir.create('mine')
        end <- Sys.time() + SECONDS
        rounds <- 0
        while (Sys.time() < end) {
          file <- file.path('mine', rounds %% 50)
          writeLines(format(rounds), file)
          stopifnot(readLines(file) == format(rounds), file.exists(tempdir()))
          rounds <- rounds + 1
        }
        plot(1:10)
        cat('well:', rounds > 0)
    """,
    "seed": 1,
    "store": {"inline": True},
}


def busy(seconds: float) -> dict:
    return {**BUSY, "code": BUSY["code"].replace("SECONDS", str(seconds))}


class SideBySide:
    """A host that runs so many scripts at once. `users` are those that its scripts may be."""

    def __init__(self, ground, log: Path, users: range, launcher: list, width: int, **settings: str):
        self.users = users
        self._api = ground.run(ScriptedRuntimeAPI).__enter__()
        command = [*map(str, launcher), str(BINARY), "lambda"]
        variables = environment(
            **SETTINGS, AWS_LAMBDA_RUNTIME_API=self._api.address, AWS_LAMBDA_MAX_CONCURRENCY=str(width), **settings
        )
        with log.open("ab") as file:
            self.process = ground.run(
                subprocess.Popen,
                command,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                cwd="/",
                env=variables,
                start_new_session=True,
            )

    def invoke_all(self, events: list[dict]) -> list[tuple[str, dict]]:
        """Returns `response` or `error` and what was posted, for events that are under way at once."""
        with ThreadPoolExecutor(len(events)) as callers:
            return list(callers.map(self.invoke, events))

    def invoke(self, event: dict) -> tuple[str, dict]:
        assert self.process.poll() is None, "the host is gone"
        kind, body, _ = self._api.exchange(json.dumps(event).encode(), timeout=PATIENCE)
        told = json.loads(body)
        return kind, check(told) if kind == "response" else told

    def leftovers(self) -> Leftovers:
        """Returns what of its users is left but the host's own."""
        return leftovers(self.users, strangers(self.users, self.process.pid))

    @property
    def zygote(self) -> int:
        children = [pid for pid, _ in family(self.process.pid)][1:]
        return children[0]

    def stop(self):
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=10)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._api.__exit__()
