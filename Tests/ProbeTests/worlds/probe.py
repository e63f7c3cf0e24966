"""A probe: a script whose first line says what must hold, and whose second what it does unconfined."""

import re
import subprocess
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

from support.paths import ROOT

FOLDER = ROOT / "Probes"
COMPILER = ("cc", "-std=c11", "-O1", "-Wall", "-Wextra", "-Werror")


@dataclass(frozen=True)
class Probe:
    name: str
    code: str

    @property
    def expected(self) -> list[str]:
        """What must hold: `denied`, `harmless`, `error` or `limit.NAME`, the best first."""
        best, _, rest = self.header("expect").partition(" — ")
        return [best, *re.findall(r"(limit\.\w+|error|harmless|denied) is as good", rest)]

    @property
    def unconfined(self) -> str:
        """What happens without confinement: `breach`, `overruns`, `floods`, `grows` or `ends`."""
        return self.header("unconfined")

    @property
    def runs(self) -> int:
        return 2 if "run twice" in self.header("expect") else 1

    @property
    def needs_library(self) -> bool:
        return "probes.so" in self.code

    def header(self, name: str) -> str:
        return re.search(rf"^# {name}: (.+)$", self.code, re.MULTILINE)[1]

    def event(self, library: Path) -> dict:
        seconds = 3 if self.expected[0] == "limit.wall" else 10
        limits = {"wallSeconds": seconds, "cpuSeconds": seconds}
        if "limit.memory" in self.expected:
            limits["memoryMB"] = 256
        event = {"code": self.code, "store": {"inline": True}, "limits": limits}
        if self.needs_library:
            encoded = b64encode(library.read_bytes()).decode()
            event["inputs"] = [{"name": "probes.so", "base64": encoded}]
        return event


def load_probes() -> list[Probe]:
    return [Probe(path.stem, path.read_text()) for path in sorted(FOLDER.glob("*.R"))]


def build_library(folder: Path) -> Path:
    """Compiles what machine code the probes bring along."""
    library = folder / "probes.so"
    # A program of its own, which shared.c includes as bytes.
    freestanding = ["-ffreestanding", "-fno-stack-protector", "-fcf-protection=none", "-nostdlib", "-static", "-s"]
    subprocess.run([*COMPILER, *freestanding, "-o", folder / "chain", FOLDER / "chain.c"], check=True)
    sources = [FOLDER / name for name in ("attempts.c", "acts.c", "shared.c")]
    options = ["-fPIC", "-shared", f"-Wa,-I{folder}"]
    subprocess.run([*COMPILER, *options, "-o", library, *sources, "-lrt", "-lpthread"], check=True)
    return library


def build_launcher(folder: Path, *options: str) -> Path:
    launcher = folder / "launcher"
    subprocess.run([*COMPILER, *options, "-o", launcher, FOLDER / "launcher.c"], check=True)
    launcher.chmod(0o755)
    return launcher
