"""The tables of r-bootstrap/src/confine/syscall_policy.h and Probes/attempts.c, read as text."""

import errno
import re

from support.paths import ROOT

from .probe import FOLDER

POLICY = ROOT / "r-bootstrap" / "src" / "confine" / "syscall_policy.h"
X32, UNNAMED = errno.EPERM, errno.ENOSYS


def refusals() -> dict[str, int]:
    """Returns the errno that each refusing row answers; 0 where a call is ignored."""
    text = re.sub(r"^ \*.*$", "", POLICY.read_text(), flags=re.MULTILINE)
    refused = {name: getattr(errno, error) for name, error in re.findall(r"^REFUSE\((\w+), (\w+)\)", text, re.M)}
    return refused | dict.fromkeys(re.findall(r"^IGNORE\((\w+)\)", text, re.M), 0)


def attempted() -> set[str]:
    """Returns the names of the calls that the probe `syscalls` tries."""
    text = (FOLDER / "attempts.c").read_text()
    return set(re.findall(r"^    TRY\((\w+)", text, re.M)) | set(re.findall(r'^    \{"([^"]+)"', text, re.M))


def expected_error(name: str) -> int:
    if name.startswith("+"):
        return UNNAMED
    return X32 if name.startswith("x32") else refusals()[name]


def attempts(text: str) -> list[tuple[str, int]]:
    """Returns (call, errno) for each line that the probe `syscalls` printed."""
    return [(name, int(error)) for error, name in re.findall(r"^attempt (\d+) (.+?) ?$", text, re.M)]
