"""`rampart doctor` and `selfTest`: the confinement is tried where it is to hold."""

import json

from support.command import rampart
from support.function import function
from support.schemas import schema

LAYERS = set(schema("envelope")["$defs"]["layers"]["required"])


def test_the_doctor_tries_every_layer_and_says_what_it_saw():
    ended = rampart("doctor", "--json", RAMPART_WARMUP="off")
    report = json.loads(ended.stdout)
    assert {finding["layer"] for finding in report["layers"]} == LAYERS
    for finding in report["layers"]:
        assert finding["state"] in {"enforced", "unavailable", "off", "watched"}
        assert finding["tried"] and finding["result"] in {"held", "reached"}, finding
        assert (finding["errno"] is not None) == (finding["state"] == "unavailable")
        # What says that it is enforced held, wherever a script can try it.
        assert (finding["state"], finding["result"]) != ("enforced", "reached"), finding
    assert report["sound"] is True
    assert ended.status == 0


def test_the_doctor_says_what_is_installed_and_what_is_missing():
    report = json.loads(rampart("doctor", "--json", RAMPART_WARMUP="off").stdout)
    assert report["capabilities"]["packages"]["ggplot2"]
    assert "DejaVu Sans" in report["capabilities"]["fonts"]
    assert report["missing"] == []


def test_the_doctor_speaks_to_people_in_a_table():
    lines = rampart("doctor", RAMPART_WARMUP="off").stdout.splitlines()
    assert lines[0].split() == ["layer", "state", "probe", "tried"]
    assert {line.split()[0] for line in lines[1:11]} == LAYERS


def test_a_self_test_is_refused_until_the_deployment_allows_it(deployed):
    envelope = deployed.post({"selfTest": True}).json()
    assert envelope["status"] == "rejected"
    assert envelope["error"]["pointer"] == "/selfTest"
    assert "RAMPART_SELF_TEST" in envelope["error"]["message"]


def test_a_self_test_answers_with_the_doctors_report(tmp_path):
    with function(tmp_path, RAMPART_SELF_TEST="on") as running:
        envelope = running.post({"selfTest": True}).json()
        assert envelope["status"] == "completed"
        assert envelope["selfTest"]["sound"] is True
        assert {finding["layer"] for finding in envelope["selfTest"]["layers"]} == LAYERS
        running.expect_healthy()


def test_capabilities_tell_a_model_what_there_is(deployed):
    envelope = deployed.post({"capabilities": True}).json()
    told = envelope["capabilities"]
    assert envelope["status"] == "completed"
    assert told["r"] == envelope["engine"]["r"]
    assert {"ggplot2", "dplyr", "tidyverse"} <= told["packages"].keys()
    assert "DejaVu Sans" in told["fonts"]
    assert told["formats"] == ["png", "svg", "pdf"]
    assert told["limits"]["wallSeconds"] >= 1
    assert set(told["layers"]) == LAYERS
