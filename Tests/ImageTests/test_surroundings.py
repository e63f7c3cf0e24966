"""Rampart in its image, run as Lambda would: a plain user, a tree to read, and /tmp."""

import json

import pytest
from inside.image import PROGRAM, USER
from worlds.probe import build_launcher

DRAW = "library(ggplot2)\nggplot(mtcars, aes(wt, mpg)) + geom_point()"


def test_the_surroundings_are_lambdas(image):
    ended = image.run(
        "/bin/sh",
        "-c",
        """
        id -u; id -g
        grep -E '^Max (processes|open files)' /proc/self/limits | tr -s ' '
        touch /opt/a 2>&1 || echo read-only
        touch /tmp/a && echo writable
        test -e /dev/shm || echo no shm
        grep -E '^(CapPrm|CapBnd|NoNewPrivs):' /proc/self/status
    """,
    )
    zeros = "0" * 16
    assert ended.stdout.splitlines()[:4] == [
        "993",
        "990",
        "Max processes 1024 1024 processes ",
        "Max open files 1024 1024 files ",
    ]
    assert ended.stdout.splitlines()[-6:] == [
        "read-only",
        "writable",
        "no shm",
        f"CapPrm:\t{zeros}",
        f"CapBnd:\t{zeros}",
        "NoNewPrivs:\t1",
    ]


@pytest.mark.parametrize("user", [993, 61502, 1234567])
def test_any_user_will_do(image, user):
    ended = image.run(PROGRAM, "invoke", "-", stdin=json.dumps({"code": DRAW, "store": {"inline": True}}), user=user)
    envelope = json.loads(ended.stdout)
    assert (envelope["status"], len(envelope["charts"])) == ("completed", 1), envelope["error"]
    assert envelope["stderr"]["text"] == ""


def test_r_has_the_locale_and_the_time_zone_that_the_host_gives_it(image):
    """The function says en_US.UTF-8 and :UTC, of which R knows neither."""
    code = "cat(l10n_info()[['UTF-8']], Sys.getlocale('LC_CTYPE'), Sys.timezone(), nchar('日本'))"
    envelope = image.invoke(code)
    assert envelope["stdout"]["text"] == "TRUE C.UTF-8 UTC 2"
    assert (envelope["engine"]["locale"], envelope["engine"]["timezone"]) == ("C.UTF-8", "UTC")


def test_the_engine_is_what_the_lock_says(image):
    engine = image.invoke("library(tidyverse)\nlibrary(plotly)\n1")["engine"]
    assert engine["r"] == image.lock["r"]
    assert engine["packages"]
    assert {name: image.lock["packages"][name] for name in engine["packages"]} == engine["packages"]


def test_the_capabilities_are_what_the_lock_says(image):
    ended = image.run(PROGRAM, "invoke", "-", stdin='{"capabilities": true}')
    assert json.loads(ended.stdout)["capabilities"]["packages"] == image.lock["packages"]


def test_every_layer_holds_but_the_user(image):
    confinement = image.invoke("1")["confinement"]
    assert {name for name, state in confinement["layers"].items() if state != "enforced"} == {"user"}
    assert confinement["level"] == "full"


def test_the_shield_holds_without_a_copy(image, tmp_path):
    """Where memfd_create is refused, so that none can be made, the mode of the image's own files is enough."""
    launcher = build_launcher(tmp_path, "-DALSO_REFUSED=SYS_memfd_create")
    launched = ("/mnt/launcher", USER)
    envelope = image.invoke("1", tools=[launcher], launcher=launched, RAMPART_REQUIRE="shield")
    assert envelope["confinement"]["layers"]["shield"] == "enforced"


def test_without_that_mode_it_would_not(image, tmp_path):
    """The same image with a bootstrap that everybody can read."""
    launcher = build_launcher(tmp_path, "-DALSO_REFUSED=SYS_memfd_create")
    settings = {"RAMPART_REQUIRE": "", "RAMPART_R": "/usr/lib/R"}
    tools = [launcher, image.path(PROGRAM), image.path("/opt/rampart/r-library")]
    envelope = image.invoke("1", tools=tools, launcher=("/mnt/launcher", USER), program="/mnt/rampart", **settings)
    assert envelope["confinement"]["layers"]["shield"] == "unavailable"
    assert envelope["confinement"]["refused"]["shield"] == "READABLE"


def test_every_package_loads(image):
    packages = [
        "tidyverse",
        "patchwork",
        "data.table",
        "viridis",
        "svglite",
        "ragg",
        "plotly",
        "htmlwidgets",
        "lubridate",
    ]
    code = "\n".join(f"suppressPackageStartupMessages(library({package}))" for package in packages)
    envelope = image.invoke(code)
    assert envelope["status"] == "completed", envelope["error"]
    assert [condition["message"] for condition in envelope["conditions"] if condition["kind"] == "warning"] == []


@pytest.mark.parametrize(
    "code",
    [
        "curl::curl_fetch_memory('http://127.0.0.1:1')",
        "curl::new_handle()",
        "httr::GET('http://127.0.0.1:1')",
        "readr::read_csv('http://127.0.0.1:1/a.csv')",
    ],
)
def test_what_would_connect_says_that_there_is_no_network(image, code):
    envelope = image.invoke(code)
    assert envelope["status"] == "failed"
    assert "there is no network here" in envelope["error"]["message"]


def test_charts_find_their_letters(image):
    code = """
        library(ggplot2)
        ggplot(data.frame(x = 1, y = 1, text = "Grüße 日本語 😀"), aes(x, y, label = text)) +
            geom_text(family = "Inter")
    """
    envelope = image.invoke(code)
    assert (envelope["status"], envelope["stderr"]["text"], envelope["conditions"]) == ("completed", "", [])
    families = json.loads(image.run(PROGRAM, "invoke", "-", stdin='{"capabilities": true}').stdout)["capabilities"][
        "fonts"
    ]
    assert {"DejaVu Sans", "Inter", "Noto Sans", "Noto Sans CJK JP", "Noto Color Emoji"} <= set(families)
