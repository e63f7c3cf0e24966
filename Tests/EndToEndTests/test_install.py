"""What `make install` puts where, and that it works there."""

import shutil
import subprocess

import pytest
from support.paths import BINARY, ROOT
from support.processes import environment

pytestmark = pytest.mark.desk


@pytest.fixture(scope="module")
def prefix(tmp_path_factory):
    folder = tmp_path_factory.mktemp("prefix")
    subprocess.run([ROOT / "scripts" / "install", BINARY.parent, folder], check=True, timeout=120)
    return folder


def test_the_installed_program_runs_a_script(prefix, tmp_path):
    (tmp_path / "script.R").write_text("cat('drawn'); plot(1:3)")
    ended = subprocess.run(
        [prefix / "bin" / "rampart", "run", "script.R"],
        cwd=tmp_path,
        env=environment(RAMPART_WARMUP="off"),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "out" / "chart-001.png").exists()


def test_the_man_page_has_every_command_and_option(prefix):
    page = (prefix / "share" / "man" / "man1" / "rampart.1").read_text()
    for word in ("rampart run", "rampart lambda", "rampart serve", "\\-\\-input", "\\-\\-output", "73"):
        assert word in page
    if shutil.which("man"):
        said = subprocess.run(["man", "--warnings", "-l", "-"], input=page, capture_output=True, text=True, timeout=30)
        assert said.stderr == ""


@pytest.mark.parametrize(
    "file",
    ["bash-completion/completions/rampart", "zsh/site-functions/_rampart", "fish/vendor_completions.d/rampart.fish"],
)
def test_shells_complete_its_commands(prefix, file):
    script = (prefix / "share" / file).read_text()
    assert "doctor" in script and "--input" in script.replace("-l 'input'", "--input").replace("-l input", "--input")
