"""The bill of materials lists what a tree holds by its own records, once each, with versions and licences."""

import json
import re
import subprocess

import pytest
from support.paths import ROOT

pytestmark = pytest.mark.desk

STATUS = """\
Package: libexample1
Status: install ok installed
Architecture: amd64
Version: 1:2.0+dfsg-1~deb13u1
Description: an example
 with a second line

Package: removed
Status: deinstall ok config-files
Architecture: amd64
Version: 1
"""
COPYRIGHT = """\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/

Files: *
License: MIT

Files: debian/*
License: GPL-2+
 On Debian systems …
"""


@pytest.fixture
def tree(tmp_path):
    files = {
        "var/lib/dpkg/status": STATUS,
        "usr/share/doc/libexample1/copyright": COPYRIGHT,
        "usr/lib/R/site-library/tidy/DESCRIPTION": "Package: tidy\nVersion: 1.2-3\nLicense: MIT + file LICENSE\n",
        "usr/lib/R/library/tidy/DESCRIPTION": "Package: tidy\nVersion: 1.2-3\nLicense: MIT + file LICENSE\n",
        "opt/rampart/packages.json": '{"image": "rampart-v1"}',
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def listed(tree) -> dict:
    command = [ROOT / "scripts" / "sbom", "--root", tree]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout)


def names(component: dict) -> list[str]:
    return [row["license"]["name"] for row in component["licenses"]]


def test_each_package_is_listed_once_by_its_kind(tree):
    document = listed(tree)
    found = {component["purl"]: component for component in document["components"]}
    assert len(found) == len(document["components"])
    debian = found.pop("pkg:deb/debian/libexample1@1%3A2.0%2Bdfsg-1~deb13u1?arch=amd64")
    assert names(debian) == ["GPL-2+", "MIT"]
    r = found.pop("pkg:cran/tidy@1.2-3")
    assert (r["name"], r["version"], names(r)) == ("tidy", "1.2-3", ["MIT + file LICENSE"])
    # What is left are the Swift packages that are built in.
    versions = dict(re.findall(r'url: "https://([^"]+)", exact: "([^"]+)"', (ROOT / "Package.swift").read_text()))
    assert set(found) == {f"pkg:swift/{url}@{version}" for url, version in versions.items()}


def test_it_says_what_it_is_about(tree):
    document = listed(tree)
    assert (document["bomFormat"], document["specVersion"], document["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", document["serialNumber"])
    assert document["metadata"]["component"]["version"] == "rampart-v1"
    assert all({"type", "name", "version", "bom-ref"} <= set(row) for row in document["components"])
