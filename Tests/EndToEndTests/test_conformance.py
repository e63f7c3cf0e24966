"""Every point of the Runtime API's contract has a test that shows it, and that test is there."""

import re
import tomllib
from pathlib import Path

import pytest
from support.paths import ROOT

LIST = tomllib.loads(Path(__file__).with_name("conformance.toml").read_text())
POINTS = LIST["point"]
PLATFORM_ERRORS = [
    "Sandbox.Timedout",
    "Runtime.ExitError",
    "Runtime.OutOfMemory",
    "Function.ResponseSizeTooLarge",
    "Runtime.InvalidEntrypoint",
    "RequestTooLargeException",
    "TooManyRequestsException",
]


def all_tests() -> set[str]:
    """Returns the names of all tests, each with its file's before it."""
    found = set()
    for path in (ROOT / "Tests").rglob("*Tests.swift"):
        names = re.findall(r"@Test[^`]*?func `([^`]+)`", path.read_text())
        found |= {f"{path.name}: {name}" for name in names}
    for path in Path(__file__).parent.glob("test_*.py"):
        names = re.findall(r"^def (test_\w+)\(", path.read_text(), re.MULTILINE)
        found |= {f"{path.name}: {name}" for name in names}
    return found


@pytest.mark.parametrize("point", POINTS, ids=lambda point: point["says"])
def test_a_point_is_shown_by_tests_that_are_there(point):
    assert point["shown_by"], "no test shows it"
    assert set(point["shown_by"]) - all_tests() == set()


def test_no_point_is_listed_twice():
    sentences = [point["says"] for point in POINTS + LIST["left"]]
    assert len(set(sentences)) == len(sentences)


def test_what_is_left_out_has_its_reason():
    assert [point for point in LIST["left"] if not point["because"]] == []


def test_what_the_platform_itself_may_answer_is_in_the_documents():
    page = (ROOT / "docs" / "runtime-api.md").read_text()
    assert [error for error in PLATFORM_ERRORS if f"`{error}`" not in page] == []
