"""Every example is drawn, from the event that lies beside it, and looked at."""

import json

import pytest
from support.command import rampart
from support.envelope import inline_bytes, only_chart
from support.paths import EXAMPLES
from support.pictures import colours, drawn_share, picture

FOLDERS = sorted(script.parent for script in EXAMPLES.glob("*/script.R"))


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name)
def example(request):
    return request.param


def test_there_are_examples():
    assert len(FOLDERS) >= 5


def test_the_event_is_made_of_the_script_and_the_data_beside_it(example):
    event = json.loads((example / "event.json").read_text(encoding="utf-8"))
    assert event["code"] == (example / "script.R").read_text(encoding="utf-8")
    assert {given["name"]: given["text"] for given in event["inputs"]} == {
        data.name: data.read_text(encoding="utf-8") for data in example.glob("*.csv")
    }


def test_the_event_draws_a_picture_worth_looking_at(example, deployed):
    event = json.loads((example / "event.json").read_text(encoding="utf-8"))
    envelope = deployed.invoke({**event, "store": {"inline": True}})
    assert [kind["message"] for kind in envelope["conditions"] if kind["kind"] == "warning"] == []
    image = picture(inline_bytes(only_chart(envelope)))
    assert image.size == (event["chart"]["width"], event["chart"]["height"])
    assert drawn_share(image) > 0.03
    assert colours(image) > 200


@pytest.mark.desk
def test_the_command_draws_the_same_picture(example, deployed, tmp_path):
    event = json.loads((example / "event.json").read_text(encoding="utf-8"))
    by_function = only_chart(deployed.invoke({**event, "store": {"inline": True}}))
    inputs = [part for data in example.glob("*.csv") for part in ("--input", data)]
    ended = rampart("run", example / "script.R", *inputs, "--output", tmp_path, "--json")
    assert ended.status == 0, ended.stderr
    assert only_chart(ended.envelope)["sha256"] == by_function["sha256"]
