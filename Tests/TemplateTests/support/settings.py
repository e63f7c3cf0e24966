"""The settings that Rampart reads, from the page of the contract that its own tests hold against its code."""

import re

from support.stack import ROOT


def known() -> set[str]:
    return set(_rows())


def default(name: str) -> str:
    return _rows()[name]


def _rows() -> dict[str, str]:
    page = (ROOT / "docs" / "contract.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| `(RAMPART_[A-Z_]+)` \|.*\| `?([^|`]*)`? \|$", page, re.MULTILINE))
