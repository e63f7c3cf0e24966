"""A function that cannot start says in a sentence what is missing, through the platform."""

import subprocess

import pytest
from support.function import function
from support.paths import BINARY
from support.processes import environment


def failed_start(folder, **settings) -> dict:
    with function(folder, **settings) as running:
        answer = running.post({"code": "1"})
    assert answer.status_code == 502, answer.text
    error = answer.json()
    assert error["errorType"].startswith("Runtime."), error
    return error


def test_the_answer_to_a_missing_r_names_where_it_was_sought(tmp_path):
    nowhere = tmp_path / "no-r-here"
    nowhere.mkdir()
    assert str(nowhere) in failed_start(tmp_path / "function", RAMPART_R=str(nowhere))["errorMessage"]


def test_the_answer_to_a_missing_package_names_it(tmp_path):
    error = failed_start(tmp_path, RAMPART_PRELOAD="ggplot2,nosuchpackage")
    assert "nosuchpackage" in error["errorMessage"]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("RAMPART_BANANA", "1"),
        ("RAMPART_WALL_SECONDS", "soon"),
        ("RAMPART_MEMORY_MB", "-5"),
        ("RAMPART_WARMUP", "maybe"),
        ("RAMPART_REQUIRE", "magic"),
        ("RAMPART_BUCKET", "Not A Bucket"),
    ],
)
def test_the_answer_to_a_bad_setting_names_it(tmp_path, variable, value):
    assert variable in failed_start(tmp_path, **{variable: value})["errorMessage"]


def test_a_warmed_up_function_draws(tmp_path):
    with function(tmp_path, RAMPART_WARMUP="on") as running:
        running.expect_healthy()


@pytest.mark.desk
def test_root_that_may_become_no_other_user_does_not_start(tmp_path):
    """Its runs would be root."""
    (tmp_path / "script.R").write_text("1")
    without = ["setpriv", "--bounding-set=-setuid,-setgid", "--inh-caps=-setuid,-setgid"]
    ended = subprocess.run(
        [*without, BINARY, "run", tmp_path / "script.R", "--output", tmp_path / "out"],
        env=environment(RAMPART_WARMUP="off"),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 70
    assert "SETUID" in ended.stderr
