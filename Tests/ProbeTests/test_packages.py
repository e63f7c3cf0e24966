"""What scripts are for still works under every layer."""

from pathlib import Path

import pytest

EVENT = {
    "code": Path(__file__).with_name("packages.R").read_text(),
    "store": {"inline": True},
    "limits": {"wallSeconds": 50, "cpuSeconds": 50},
}


@pytest.mark.parametrize("world", ["confined", "worst"])
def test_real_packages_work(world, request):
    deployed = request.getfixturevalue(world)
    envelope = deployed.invoke(EVENT, seconds=60).envelope
    steps = dict(line.split(": ", 1) for line in envelope["stdout"]["text"].splitlines())
    assert envelope["status"] == "completed", envelope["error"]
    assert {step: said for step, said in steps.items() if said != "ok"} == {}
    assert len(steps) >= 20
    assert len(envelope["charts"]) == 1
