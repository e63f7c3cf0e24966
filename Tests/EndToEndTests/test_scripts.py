"""Scripts such as language models write, and what their envelopes must say; the table is scripts/*.toml.

A fact is a path into the envelope and what is there: `"error.line" = 2`. A path that ends in ` ~` holds a text,
or a list with one, that the pattern is found in, and one in ` !~` none; ` #` counts.
"""

import re
import tomllib
from pathlib import Path

import pytest
from support.envelope import expect_same
from support.paths import ROOT

SCRIPTS = [
    script
    for path in sorted(Path(__file__).with_name("scripts").glob("*.toml"))
    for script in tomllib.loads(path.read_text(encoding="utf-8"))["script"]
]

IN_IMAGE = {name.removeprefix("r-cran-") for name in (ROOT / "image" / "packages.txt").read_text().split()}


def found(envelope: dict, path: str):
    """Returns what a path leads to; what is not there is null."""
    value = envelope
    for part in path.split("."):
        if isinstance(value, list):
            value = value[int(part)] if -len(value) <= int(part) < len(value) else None
        else:
            value = (value or {}).get(part)
    return value


def text(value) -> str:
    return value if isinstance(value, str) else "\n".join(map(str, value or []))


def problem(envelope: dict, fact: str, wanted) -> str | None:
    path, _, relation = fact.partition(" ")
    value = found(envelope, path)
    holds = {
        "": lambda: value == wanted and type(value) is type(wanted),
        "~": lambda: re.search(wanted, text(value)),
        "!~": lambda: not re.search(wanted, text(value)),
        "#": lambda: len(value or []) == wanted,
    }[relation]
    return None if holds() else f"{fact} is {value!r}, not {wanted!r}"


def test_there_are_enough_scripts():
    assert len(SCRIPTS) >= 60
    assert len({script["says"] for script in SCRIPTS}) == len(SCRIPTS)


@pytest.fixture(scope="module")
def installed(deployed) -> set[str]:
    return set(deployed.invoke({"capabilities": True})["capabilities"]["packages"])


def row(script: dict):
    """Returns a row; one that the image cannot pass, or lacks a package for, is tried on this machine alone."""
    needs = {name.lower() for name in script.get("needs", [])}
    is_local = script.get("local", False) or not needs <= IN_IMAGE
    return pytest.param(script, id=script["says"], marks=[pytest.mark.desk] if is_local else [])


@pytest.mark.parametrize("script", [row(script) for script in SCRIPTS])
def test_a_script(deployed, installed, s3, script):
    missing = set(script.get("needs", [])) - installed
    if missing:
        pytest.skip(f"not installed: {', '.join(sorted(missing))}")
    # Not inline: a page of a newer plotly is more than that store holds.
    stored = {"store": {"prefix": "scripts/"}}
    envelope = deployed.invoke({"code": script["code"], **stored, **script.get("request", {})})
    told = {fact: problem(envelope, fact, wanted) for fact, wanted in script["facts"].items()}
    assert not any(told.values()), (list(filter(None, told.values())), envelope["error"], envelope["stderr"]["text"])
    for artifact in envelope["charts"] + envelope["files"]:
        if artifact["location"]:
            expect_same(artifact, s3.read(artifact["location"]))
