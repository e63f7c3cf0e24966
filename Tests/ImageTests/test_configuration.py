"""What the image says of itself, and that it starts by that."""

import re

import pytest


def test_its_entry_point_is_the_bootstrap_and_takes_no_argument(image):
    assert image.config["Entrypoint"] == ["/opt/rampart/bootstrap"]
    assert not image.config.get("Cmd")


def test_the_entry_point_alone_answers_invocations(deployed):
    answer = deployed.invoke({"code": "plot(1)\ncat('here')", "store": {"inline": True}})
    assert answer.kind == "response", answer
    envelope = answer.envelope
    assert (envelope["status"], len(envelope["charts"]), envelope["stdout"]["text"]) == ("completed", 1, "here")


def test_it_has_a_plain_user_and_a_folder_to_write_in(image):
    assert (image.config["User"], image.config["WorkingDir"]) == ("993:990", "/tmp")


def test_its_variables_find_its_programs_and_are_not_rampart_s(image):
    variables = dict(line.split("=", 1) for line in image.config["Env"])
    assert variables == {"PATH": "/opt/rampart:/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}


@pytest.mark.parametrize("name", ["title", "description", "licenses", "revision"])
def test_its_labels_say_what_it_is(image, name):
    assert image.config["Labels"][f"org.opencontainers.image.{name}"]


def test_its_labels_and_its_lock_are_of_one_build(image):
    labels = image.config["Labels"]
    assert image.lock["image"] == f"rampart-{labels['org.opencontainers.image.revision']}"
    # Empty where it is what the archive held on that day.
    assert (image.lock["debian"].get("snapshot") or "") == labels["org.rampart.debian-snapshot"]
    assert re.fullmatch(r"(\d{8}T\d{6}Z)?", labels["org.rampart.debian-snapshot"])
