"""What `sam build` is told: which Dockerfile, in which folder, and which revision that is."""

import re
import subprocess

import pytest
from support.stack import ROOT, source

METADATA = source()["Resources"]["Function"]["Metadata"]
CONTEXT = ROOT / METADATA["DockerContext"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
PAGE = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
REVISION = "git describe --always --dirty >image/revision"


def test_the_image_is_built_of_the_projects_dockerfile():
    """SAM looks for it in the context."""
    assert (CONTEXT / METADATA["Dockerfile"]).resolve() == ROOT / "Dockerfile"


def test_all_that_the_dockerfile_copies_is_in_the_context():
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    sources = [name for line in copied for name in line.split()]
    assert sources
    assert [name for name in sources if not (CONTEXT / name).exists()] == []


def test_the_page_names_the_revision_before_each_build():
    lines = [line.strip() for line in PAGE.splitlines()]
    before = [lines[number - 1] for number, line in enumerate(lines) if "sam build --config-env" in line]
    assert before
    assert [line for line in before if REVISION not in line] == []


@pytest.fixture
def clone(tmp_path):
    """A clone of nothing but what decides about the revision."""
    for name in (".gitignore", "image/which-revision"):
        there = tmp_path / name
        there.parent.mkdir(exist_ok=True)
        there.write_text((ROOT / name).read_text(encoding="utf-8"), encoding="utf-8")
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    for arguments in (
        ("init", "-q"),
        ("add", "-A"),
        (*identity, "commit", "-qm", "a"),
        (*identity, "tag", "-am1", "v1"),
    ):
        run(tmp_path, "git", *arguments)
    return tmp_path


def run(folder, *command: str) -> str:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True, timeout=20).stdout.strip()


def revision(clone, given: str = "") -> str:
    return run(clone, "sh", "image/which-revision", given)


def test_the_image_has_the_revision_that_was_written_down(clone):
    assert revision(clone) == "unknown"
    run(clone, "sh", "-c", REVISION)
    assert revision(clone) == "v1"
    assert run(clone, "git", "status", "--porcelain") == "", "the file itself is no change"
    (clone / ".gitignore").write_text("image/revision\n")
    run(clone, "sh", "-c", REVISION)
    assert revision(clone) == "v1-dirty"


def test_a_revision_that_is_given_counts_before_what_was_written(clone):
    (clone / "image" / "revision").write_text("v0\n")
    assert revision(clone, "v2") == "v2"


def test_the_stage_that_needs_it_is_given_the_file_and_no_default():
    stage = DOCKERFILE.split("AS runtime")[1].split("\nFROM ")[0]
    assert "COPY image /tmp/" in stage
    assert re.search(r"^ARG RAMPART_REVISION$", stage, re.MULTILINE), "a default would hide the file"
