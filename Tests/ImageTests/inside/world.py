"""Rampart in its image, with a Runtime API that is not the emulator's: where the probes are tried."""

import contextlib
import stat
from pathlib import Path

from worlds.deployed import Deployed
from worlds.leftovers import Leftovers, ipc_of, processes_of, strangers

from .image import PROGRAM


class InImage(Deployed):
    """A world whose one writable place is the /tmp of its own mounts."""

    def __init__(self, ground, api, library, log, user: int, launcher: list, program=(PROGRAM, "lambda")):
        super().__init__(ground, api, library, log, range(user, user + 1), launcher)
        self._command = [*map(str, launcher), *program]

    def clean(self):
        """What is left in the image's /tmp goes with the host; processes and segments would not."""
        left = self._all_leftovers()
        Leftovers(left.processes, [], left.ipc).remove()

    def _all_leftovers(self) -> Leftovers:
        processes = strangers(self.users, self._process.pid) if self._process else processes_of(self.users)
        return Leftovers(processes, self._files(), list(ipc_of(self.users)))

    def _files(self) -> list[Path]:
        if self._process is None:
            return []
        # A host that has ended has no root any more, and its /tmp went with it.
        with contextlib.suppress(OSError):
            place = Path(f"/proc/{self._process.pid}/root/tmp")
            return [path for path in place.iterdir() if not is_hosts(path)]
        return []


def is_hosts(path: Path) -> bool:
    return path.name.startswith("rampart-") and stat.S_ISDIR(path.lstat().st_mode)
