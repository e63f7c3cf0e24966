"""The servers that the tests share; each takes a free port and ends with the session."""

import os
import tempfile
from pathlib import Path

import pytest
from support.function import function
from support.moto_server import moto_server
from support.paths import BINARY, TOOLS
from support.store import s3_server

ON_CI = os.environ.get("CI") == "true"


def pytest_sessionstart():
    needed = [BINARY, TOOLS / "aws-lambda-rie", TOOLS / "rclone"]
    missing = [str(path) for path in needed if not os.access(path, os.X_OK)]
    if missing:
        pytest.exit(f"missing: {', '.join(missing)}; run `make setup build` first", returncode=2)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    return fail_if_skipped((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report():
    return fail_if_skipped((yield))


def fail_if_skipped(report):
    """A test that CI does not run is a test that nobody runs."""
    if report.skipped and ON_CI:
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {report.longrepr}"
    return report


@pytest.fixture
def scratch():
    """A folder in place of /tmp, which must be empty again at the end."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o711)
        yield folder
        assert os.listdir(folder) == []


@pytest.fixture(scope="session")
def s3(tmp_path_factory):
    with s3_server(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture(scope="session")
def moto(tmp_path_factory):
    with moto_server(tmp_path_factory.mktemp("moto")) as server:
        yield server


@pytest.fixture(scope="session")
def deployed(s3, tmp_path_factory):
    """The function most tests call: its charts go to S3, and its bounds are the defaults."""
    with function(tmp_path_factory.mktemp("function"), **s3.settings()) as running:
        yield running
