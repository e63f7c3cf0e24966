"""Plain events, answered alike behind the scripted Runtime API and behind AWS's own emulator."""

import json

import pytest
from support.envelope import check
from support.function import function
from support.runtime_api import Hands, RuntimeAPI, runtime

START = ["register", "wait", "next"]
INLINE = {"store": {"inline": True}}
EVENTS = {
    "a value": ({"code": "6 * 7", **INLINE}, "completed"),
    "a chart": ({"code": "plot(1:3)", **INLINE}, "completed"),
    "a file": ({"code": "writeLines('a', 'a.txt')", **INLINE}, "completed"),
    "an error": ({"code": "stop('no')", **INLINE}, "failed"),
    "no R": ({"code": "1 +* 2", **INLINE}, "failed"),
    "no end": ({"code": "repeat Sys.sleep(1)", "limits": {"wallSeconds": 1}, **INLINE}, "exceeded"),
    "a goodbye": ({"code": "quit()", **INLINE}, "completed"),
    "no goodbye": ({"code": "tools::pskill(Sys.getpid(), 15); Sys.sleep(5)", **INLINE}, "killed"),
    "a typo": ({"coed": "1"}, "rejected"),
    "no JSON": (b"{", "rejected"),
    "a seed": ({"code": "runif(1)", "seed": 42, **INLINE}, "completed"),
}


@pytest.fixture(scope="module")
def scripted(tmp_path_factory):
    """The envelopes, as the scripted server got them: every one is an answer, and none an error."""
    nexts = [Hands(event, id=str(number)) for number, (event, _) in enumerate(EVENTS.values())]
    posts = [name for number in range(len(nexts)) for name in (f"response {number}", "next")]
    with RuntimeAPI(*nexts) as api, runtime(api, tmp_path_factory.mktemp("scripted"), RAMPART_PRELOAD="scales"):
        api.wait_for(*START, *posts)
        answers = [api.find(f"response {number}").json for number in range(len(nexts))]
    return dict(zip(EVENTS, map(check, answers), strict=True))


@pytest.fixture(scope="module")
def emulated(tmp_path_factory):
    with function(tmp_path_factory.mktemp("emulated"), RAMPART_PRELOAD="scales") as running:
        yield {
            name: running.invoke(event if isinstance(event, bytes) else json.dumps(event).encode())
            for name, (event, _) in EVENTS.items()
        }


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_is_answered_alike_by_both(scripted, emulated, name):
    one, other = scripted[name], emulated[name]
    assert one["status"] == other["status"] == EVENTS[name][1]
    assert alike(one) == alike(other)


def alike(envelope: dict) -> dict:
    """An envelope but for what differs between any two runs."""
    return {name: value for name, value in envelope.items() if name not in ("requestId", "usage")}
