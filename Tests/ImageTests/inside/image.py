"""The image: its tree, and what its programs say when they are run as Lambda would run them."""

import json
import os
import stat
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from support.paths import ROOT
from support.processes import environment

RUN_IMAGE = ROOT / "scripts" / "run-image"
PROGRAM = "/opt/rampart/rampart"
#: A user that nothing else is; Lambda's own number is not known beforehand.
USER = 993


@dataclass(frozen=True)
class Image:
    root: Path
    #: What an engine is told about it: Entrypoint, Env, Labels, User, WorkingDir.
    config: dict

    @classmethod
    def given(cls) -> "Image":
        return cls(Path(os.environ["IMAGE_ROOT"]), json.loads(os.environ["IMAGE_CONFIG"]))

    @cached_property
    def entries(self) -> dict[str, os.stat_result]:
        """Everything in the tree, by its path there."""
        found = {}
        for folder, folders, files in os.walk(self.root):
            for name in folders + files:
                path = Path(folder) / name
                found["/" + str(path.relative_to(self.root))] = path.lstat()
        return found

    @property
    def files(self) -> dict[str, os.stat_result]:
        return {path: status for path, status in self.entries.items() if stat.S_ISREG(status.st_mode)}

    @property
    def folders(self) -> dict[str, os.stat_result]:
        return {path: status for path, status in self.entries.items() if stat.S_ISDIR(status.st_mode)}

    @property
    def programs(self) -> set[str]:
        """The names of what can be executed."""
        return {
            Path(path).name
            for path, status in self.entries.items()
            if not stat.S_ISDIR(status.st_mode) and status.st_mode & 0o111 and "/bin/" in path or "/sbin/" in path
        }

    @cached_property
    def lock(self) -> dict:
        return json.loads((self.root / "opt/rampart/packages.json").read_text())

    @property
    def variables(self) -> str:
        """The image's own, one a line."""
        return "\n".join(self.config["Env"])

    def path(self, inside: str) -> Path:
        return self.root / inside.lstrip("/")

    def command(self, *arguments, tools: list[Path] = ()) -> list[str]:
        shown = [part for tool in tools for part in ("--tool", tool)]
        return [str(part) for part in (RUN_IMAGE, *shown, self.root, *arguments)]

    def run(self, *arguments, tools: list[Path] = (), stdin: str = "", user: int = USER, **settings: str):
        """Runs a program of the image and returns how it ended."""
        return subprocess.run(
            self.command(*arguments, tools=tools),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=100,
            env=environment(
                RUN_IMAGE_ENV=self.variables,
                RUN_IMAGE_USER=str(user),
                **{"RAMPART_WARMUP": "off", **settings},
            ),
        )

    def invoke(
        self,
        code: str,
        *,
        tools: list[Path] = (),
        launcher: tuple = (),
        program: str = PROGRAM,
        **settings: str,
    ) -> dict:
        """Returns the envelope of some R code."""
        event = json.dumps({"code": code, "store": {"inline": True}})
        ended = self.run(*launcher, program, "invoke", "-", tools=tools, stdin=event, **settings)
        assert ended.stdout, ended.stderr
        return json.loads(ended.stdout)
