"""What `sam build` is told: which Dockerfile, in which folder."""

import re

from support.stack import ROOT, source

METADATA = source()["Resources"]["Function"]["Metadata"]
CONTEXT = ROOT / METADATA["DockerContext"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_the_image_is_built_of_the_projects_dockerfile():
    """SAM looks for it in the context."""
    assert (CONTEXT / METADATA["Dockerfile"]).resolve() == ROOT / "Dockerfile"


def test_all_that_the_dockerfile_copies_is_in_the_context():
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    sources = [name for line in copied for name in line.split()]
    assert sources
    assert [name for name in sources if not (CONTEXT / name).exists()] == []
