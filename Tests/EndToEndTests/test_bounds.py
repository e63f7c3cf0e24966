"""However much a script says, the host stays small, and so does its answer."""

from pathlib import Path

import pytest
from support.envelope import inline_bytes
from support.function import function
from support.processes import family


@pytest.fixture(scope="module")
def patient(tmp_path_factory):
    """A function that lets a script print for long."""
    with function(tmp_path_factory.mktemp("function"), RAMPART_OUTPUT_MB="10000") as running:
        yield running


def most_memory(running) -> int:
    """Returns the most that the host has had in memory, in KiB."""
    host, _ = family(running.pid)[1]
    status = Path(f"/proc/{host}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


def test_a_gigabyte_of_output_costs_the_host_two_megabytes_at_most(patient):
    patient.run("cat('warm')")
    before = most_memory(patient)
    envelope = patient.run("x <- strrep('x', 1e6)\nfor (i in 1:1000) cat(x)")
    assert envelope["status"] == "completed"
    assert (envelope["stdout"]["bytes"], envelope["stdout"]["truncated"]) == (10**9, True)
    assert most_memory(patient) - before <= 2048


def test_an_answer_that_is_too_large_gives_up_what_it_names(deployed):
    code = """
        set.seed(1)
        writeBin(as.raw(sample(0:255, 2.9e6, TRUE)), "noise.bin")
        for (i in 1:200) warning(i, strrep("w", 7900))
        42
    """
    event = {"code": code, "store": {"inline": True}, "transcript": True}
    envelope = deployed.invoke(event)
    assert envelope["truncated"] == ["transcript"]
    assert envelope["transcript"] is None
    assert len(inline_bytes(envelope["files"][0])) == 2_900_000
    assert (len(envelope["conditions"]), envelope["value"]["value"]) == (200, 42)


def test_a_thousand_warnings_are_two_hundred_and_a_number(deployed):
    conditions = deployed.run("for (i in 1:1000) warning(i)")["conditions"]
    assert len(conditions) == 201
    assert conditions[200]["message"] == "800 more conditions were not kept"


def test_a_message_is_cut_between_characters(deployed):
    code = 'stop(structure(class = c("big", "error", "condition"), list(message = strrep("é", 1e6))))'
    error = deployed.run(code)["error"]
    assert error["truncated"] is True
    assert error["message"] == "é" * 4000
