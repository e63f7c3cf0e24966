"""The launcher of the worst case refuses what it says that it refuses."""

import subprocess
from pathlib import Path

import pytest
from worlds.probe import COMPILER, build_launcher
from worlds.unconfined import USER


@pytest.fixture(scope="session")
def namespaces(folder):
    program = folder / "namespaces"
    subprocess.run([*COMPILER, "-o", program, Path(__file__).with_name("namespaces.c")], check=True)
    return program


def test_no_call_leads_to_another_namespace(namespaces, folder):
    tried = subprocess.run([build_launcher(folder), str(USER), namespaces], capture_output=True, text=True, timeout=10)
    assert (tried.returncode, tried.stdout, tried.stderr) == (0, "", "")
