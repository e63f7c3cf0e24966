"""A real browser, which tells what a page has become, what it said, and how it looks."""

import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .processes import environment

CONSOLE = re.compile(r"CONSOLE[:(]\d+\)?\] \"(.*)\", source:")


@dataclass(frozen=True)
class Opened:
    dom: str
    # What was logged, and every error that nobody caught.
    console: list[str]
    screenshot: bytes


def opened(page: bytes, *, seconds: int = 8) -> Opened:
    """Opens a page that can reach nothing outside itself, and gives its scripts so many seconds of their time."""
    with tempfile.TemporaryDirectory() as folder:
        path, picture = Path(folder, "page.html"), Path(folder, "page.png")
        path.write_bytes(page)
        dom = chromium(path, seconds, folder, "--dump-dom")
        chromium(path, seconds, folder, f"--screenshot={picture}")
        return Opened(dom.stdout, CONSOLE.findall(dom.stderr), picture.read_bytes())


def chromium(path: Path, seconds: int, home: str, action: str) -> subprocess.CompletedProcess:
    executable = shutil.which("chromium")
    assert executable, "chromium is missing: run `make setup`"
    command = [
        executable,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--enable-logging=stderr",
        "--host-resolver-rules=MAP * ~NOTFOUND",
        f"--user-data-dir={home}/profile",
        "--window-size=1000,700",
        f"--virtual-time-budget={seconds * 1000}",
        action,
        path.as_uri(),
    ]
    return subprocess.run(command, env=environment(HOME=home), capture_output=True, text=True, check=True, timeout=60)
