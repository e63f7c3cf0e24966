"""Whatever a script writes into its report, the host stays small, and so does its answer; and that is as its schema says."""

import base64
import json
import subprocess

import pytest
from support.function import function
from test_bounds import most_memory

WRITER = r"""
#include <stdint.h>
#include <unistd.h>
/* The whole of a report of one frame, as often as it fits. */
void report(char **frame, int *length, int *times) {
    for (int i = 0; i < *times; i++) {
        uint32_t header = (uint32_t)*length;
        if (write(4, &header, 4) != 4)
            return;
        for (ssize_t done = 0, more; done < *length; done += more)
            if ((more = write(4, *frame + done, (size_t)(*length - done))) <= 0)
                return;
    }
}
"""

NUMBERS = "[" + ",".join(["9e15"] * 200_000) + "]"
OBJECTS = "[" + ",".join(['{"":{}}'] * 120_000) + "]"
WARNING = {"kind": "condition", "condition": {"kind": "warning", "message": "\x01" * 1300}}
FRAMES = {
    "numbers in a value": '{"kind":"value","value":{"class":["a"],"value":%s}}' % NUMBERS,
    "objects in a value": '{"kind":"value","value":{"class":["a"],"preview":%s}}' % OBJECTS,
    "classes that are lists": '{"kind":"condition","condition":{"kind":"warning","message":"m","class":%s}}' % OBJECTS,
    "a traceback": '{"kind":"error","error":{"kind":"runtime","message":"m","traceback":%s}}' % OBJECTS,
    "warnings of control characters": json.dumps(WARNING),
    "source lines": json.dumps({"kind": "source", "line": 1, "text": "x"}),
    "a condition of unknown kind": '{"kind":"condition","condition":{"kind":"zzz","message":"m","count":"many"}}',
    "a line before the first": '{"kind":"error","error":{"message":"m","line":-5,"column":9223372036854775807}}',
    "a chart that is no chart": '{"kind":"chart","name":"chart-001.png","line":-7,"width":1}',
    "an alternative text": '{"kind":"description","name":"chart-001.png","alt":5,"description":{"layers":[[]]}}',
}


@pytest.fixture(scope="module")
def writer(tmp_path_factory) -> dict:
    """Returns the input that lets a script write frames of its own."""
    folder = tmp_path_factory.mktemp("writer")
    source, library = folder / "writer.c", folder / "writer.so"
    source.write_text(WRITER)
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, source], check=True)
    return {"name": "writer.so", "base64": base64.b64encode(library.read_bytes()).decode()}


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with function(tmp_path_factory.mktemp("function")) as deployed:
        deployed.run("cat('warm')")
        yield deployed


@pytest.mark.parametrize("transcript", [False, True])
@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
def test_a_heavy_report_costs_the_host_64_megabytes_at_most(running, writer, frame, transcript):
    code = """
        plot(1)
        dyn.load("writer.so")
        frame <- rawToChar(readBin("frame.json", "raw", 2e6))
        times <- min(8e6 %/% (nchar(frame, "bytes") + 4L), 20000)
        invisible(.C("report", frame, nchar(frame, "bytes"), as.integer(times)))
    """
    inputs = [writer, {"name": "frame.json", "text": frame}]
    before = most_memory(running)
    # Its schema is checked, as that of every envelope.
    envelope = running.invoke({"code": code, "inputs": inputs, "transcript": transcript, "limits": {"wallSeconds": 10}})
    assert len(json.dumps(envelope, ensure_ascii=False).encode()) < 6_291_556
    assert most_memory(running) - before <= 64 << 10
    assert envelope["status"] in ("completed", "failed", "exceeded", "killed")
    assert running.run("1")["status"] == "completed"
