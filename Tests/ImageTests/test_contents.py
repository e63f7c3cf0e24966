"""What the image holds, read off its tree: no program of it is run."""

import os
import re
import stat
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest
from inside.objects import described, imports, is_object, needed
from support.paths import ROOT

CONNECT = tomllib.loads(Path(__file__).with_name("connect.toml").read_text())["object"]
MOST_BYTES = 900_000_000
SHIELDED = {"/opt/rampart/rampart", "/usr/lib/R/bin/exec/R"}


@pytest.fixture(scope="module")
def objects(image):
    """What objdump says of each shared object and program, by its path in the image."""
    return {path: described(image.path(path)) for path in image.files if is_object(image.path(path))}


def test_it_is_no_larger_than_it_may_be(image):
    names = {(status.st_dev, status.st_ino): status.st_size for status in image.files.values()}
    assert sum(names.values()) <= MOST_BYTES


def test_every_user_can_read_every_file_and_search_every_folder(image):
    closed = {path for path, status in image.files.items() if not status.st_mode & 0o004}
    assert closed == SHIELDED
    assert [path for path, status in image.folders.items() if status.st_mode & 0o005 != 0o005] == []


def test_nothing_in_it_is_anybodys_but_roots(image):
    assert {(path, status.st_uid) for path, status in image.entries.items() if status.st_uid != 0} == set()


def test_only_what_is_sticky_may_be_written_by_every_user(image):
    writable = [
        path
        for path, status in image.entries.items()
        if not stat.S_ISLNK(status.st_mode) and status.st_mode & 0o002 and not status.st_mode & stat.S_ISVTX
    ]
    assert writable == []


def test_the_bootstrap_and_r_may_be_executed_and_not_read(image):
    for path in SHIELDED:
        status = image.files[path]
        assert (stat.S_IMODE(status.st_mode), status.st_uid) == (0o111, 0), path


def test_whoever_lambda_runs_it_as_has_no_account_in_it(image):
    """By that the host knows that what is that user's at the start is no person's."""
    accounts = [line.split(":") for line in image.path("/etc/passwd").read_text().splitlines()]
    assert [name for name, _, number, *_ in accounts if 100 <= int(number) < 65534] == []


def test_no_program_takes_another_users_rights(image):
    taking = [path for path, status in image.files.items() if status.st_mode & (stat.S_ISUID | stat.S_ISGID)]
    assert taking == []


def test_no_shell_but_one_no_compiler_no_client_and_no_package_manager_is_left(image):
    absent = {
        "apt",
        "apt-get",
        "as",
        "bash",
        "cc",
        "curl",
        "dpkg",
        "dpkg-query",
        "g++",
        "gcc",
        "getent",
        "gfortran",
        "git",
        "ld",
        "make",
        "nc",
        "openssl",
        "pandoc",
        "perl",
        "pip",
        "python3",
        "ssh",
        "tclsh",
        "wget",
        "wish",
    }
    assert absent & image.programs == set()
    assert [name for name in image.programs if re.fullmatch(r".*-linux-gnu-.*|clang.*|python.*", name)] == []
    assert "sh" in image.programs, "R starts one"


def test_what_administers_a_machine_is_not_left_behind(image):
    assert {"update-alternatives", "ucf", "ucfq", "ucfr", "start-stop-daemon"} & image.programs == set()
    assert [path for path in image.entries if path.startswith(("/etc/cron.", "/etc/ucf.conf"))] == []


def test_every_script_has_what_runs_it(image):
    """R's own wrapper has not: it is there to be read, for R's folders."""
    lacking = set()
    for path in image.files:
        first = image.path(path).open("rb").readline(200) if "/bin/" in path else b""
        if first.startswith(b"#!"):
            interpreter = first[2:].split()[0].decode()
            # /bin is a link to /usr/bin.
            if not {interpreter, f"/usr{interpreter}"} & image.entries.keys():
                lacking.add(path)
    assert lacking == {"/usr/bin/R", "/usr/lib/R/bin/R"}


def test_every_program_that_is_a_link_leads_to_one(image):
    links = [path for path, status in image.entries.items() if stat.S_ISLNK(status.st_mode) and "/bin/" in path]
    assert links
    ends = {path: Path(path).parent / image.path(path).readlink() for path in links}
    # Those of Debian's alternatives go on to another.
    assert [path for path, end in ends.items() if not os.path.lexists(image.path(str(end)))] == []


def test_nothing_of_the_machine_that_built_it_is_in_it(image):
    """Whoever runs it puts its own files there."""
    told = {name: image.path(name).read_text() for name in ("/etc/hostname", "/etc/hosts", "/etc/resolv.conf")}
    assert set(told.values()) == {""}, told


def test_r_is_without_what_connects(image):
    assert sorted(path.name for path in image.path("/usr/lib/R/modules").iterdir()) == ["lapack.so"]
    assert not image.path("/usr/lib/R/library/tcltk").exists()
    assert not list(image.path("/usr/lib/R/site-library/curl").rglob("*.so"))


def test_every_object_that_imports_connect_has_its_reason(objects):
    connecting = {path for path, text in objects.items() if imports(text, "connect")}
    assert {path for path in connecting if not any(fnmatch(path, row["path"]) for row in CONNECT)} == set()
    stale = [row["path"] for row in CONNECT if not any(fnmatch(path, row["path"]) for path in connecting)]
    assert stale == []
    assert [row["path"] for row in CONNECT if not row["because"]] == []


def test_no_object_needs_another_that_was_taken_away(objects, image):
    """Those of tcltk and X11 would, and are gone as well."""
    there = {Path(path).name for path in image.entries}
    missing = {(path, name) for path, text in objects.items() for name in needed(text) if name not in there}
    assert missing == set()


def test_debians_status_is_kept_for_scanners(image):
    status = image.path("/var/lib/dpkg/status").read_text()
    versions = dict(re.findall(r"^Package: (.+)\n(?:.+\n)*?Version: (.+)$", status, re.MULTILINE))
    assert versions == image.lock["debian"]["packages"]
    assert list(image.path("/var/lib/dpkg/info").glob("*.list"))
    assert image.path("/etc/os-release").exists()


def test_the_licences_of_all_packages_are_there(image):
    documents = image.path("/usr/share/doc")
    lacking = [name for name in image.lock["debian"]["packages"] if not (documents / name / "copyright").exists()]
    assert lacking == []


def test_the_lock_names_all_that_was_asked_for(image):
    asked = (ROOT / "image" / "packages.txt").read_text().splitlines()
    names = [line.split("#")[0].strip() for line in asked]
    assert {name for name in names if name} - image.lock["debian"]["packages"].keys() == set()
    assert {"ggplot2", "curl", "tidyverse", "plotly"} <= image.lock["packages"].keys()
    assert {name for name in names if name.startswith("fonts-")} <= image.lock["fonts"].keys()
    assert re.fullmatch(r"4\.\d+\.\d+", image.lock["r"])


def test_the_locks_fonts_are_those_that_have_a_file(image):
    debian = image.lock["debian"]["packages"]
    there = {}
    for name in (name for name in debian if name.startswith("fonts-")):
        listed = image.path(f"/var/lib/dpkg/info/{name}.list").read_text().splitlines()
        if any(path.startswith("/usr/share/fonts/") and path in image.files for path in listed):
            there[name] = debian[name]
    assert image.lock["fonts"] == there
    assert "fonts-mathjax" in debian.keys() - there.keys()


def test_the_font_cache_is_in_it(image):
    assert list(image.path("/var/cache/fontconfig").glob("*.cache-*"))
