"""The `rampart` command, as a person or a script calls it."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .envelope import check
from .paths import BINARY
from .processes import environment


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it said."""

    status: int
    stdout: str
    stderr: str

    @property
    def envelope(self) -> dict:
        """The one JSON document that stdout is."""
        return check(json.loads(self.stdout))


def rampart(*arguments, stdin: bytes = b"", cwd: Path | None = None, **settings: str) -> Ended:
    ended = subprocess.run(
        [BINARY, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        timeout=60,
        cwd=cwd,
        env=environment(**{"RAMPART_WARMUP": "off", **settings}),
    )
    return Ended(ended.returncode, ended.stdout.decode(), ended.stderr.decode())
