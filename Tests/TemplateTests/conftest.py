"""The deployments, each made once: transforming takes longer than all that is asked of it."""

import os

import pytest
from support.deployments import DEPLOYMENTS
from support.stack import Stack, deployed


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    report = yield
    if report.skipped and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def stacks() -> dict[str, Stack]:
    return {name: deployed(**parameters) for name, parameters in DEPLOYMENTS.items()}
