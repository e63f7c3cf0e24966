"""Shared objects and programs, as binutils' objdump reads them."""

import re
import subprocess
from pathlib import Path


def is_object(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def described(path: Path) -> str:
    return subprocess.run(
        ["objdump", "-p", "-T", path], capture_output=True, text=True, errors="replace", check=False
    ).stdout


def imports(described: str, symbol: str) -> bool:
    return re.search(rf"\*UND\*.*\s{symbol}$", described, re.MULTILINE) is not None


def needed(described: str) -> list[str]:
    return re.findall(r"^\s+NEEDED\s+(\S+)$", described, re.MULTILINE)
