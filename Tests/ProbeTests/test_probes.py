"""Each probe three ways, and a healthy run after each."""

import pytest
from expected import WORST_CASE
from worlds.probe import load_probes

PROBES = {probe.name: probe for probe in load_probes()}
each_probe = pytest.mark.parametrize("probe", PROBES.values(), ids=PROBES)


def held(expected: list[str], answer) -> bool:
    """Whether an answer is one of those that a probe's first line names."""
    envelope = answer.envelope
    status, limit = envelope["status"], envelope["limit"]
    fits = {
        "denied": "held" in words(answer),
        "harmless": status in ("completed", "failed"),
        "error": status in ("failed", "killed"),
        f"limit.{limit and limit['name']}": status == "exceeded",
    }
    return any(fits.get(name, False) for name in expected)


def words(answer) -> str:
    envelope = answer.envelope
    return envelope["stdout"]["text"] + envelope["stderr"]["text"]


def told(answer) -> str:
    """Returns the part of an answer that explains a failed test."""
    if answer.kind != "response" or answer.body == b"forged":
        return f"{answer.kind}: {answer.body.decode(errors='replace')}"
    envelope = answer.envelope
    return f"{envelope['status']} {envelope['limit']} {envelope['error']}\n{words(answer)[-3000:]}"


@each_probe
def test_unconfined_its_act_succeeds(probe, unconfined):
    happened, text = unconfined.observe(probe)
    unconfined.clean()
    assert happened == probe.unconfined, text


@each_probe
def test_every_layer_holds_it(probe, confined):
    answer = confined.run(probe)
    assert answer.kind == "response", told(answer)
    assert held(probe.expected, answer), told(answer)
    assert "BREACH" not in words(answer), told(answer)
    assert confined.healthy() == confined.baseline
    assert not confined.leftovers()
    assert confined.restarts == 0


@each_probe
def test_the_worst_case_contains_it(probe, worst):
    answer = worst.run(probe)
    expected = WORST_CASE.get(probe.name)
    try:
        if expected is None:
            assert answer.kind == "response", told(answer)
            assert held(probe.expected, answer), told(answer)
            assert "BREACH" not in words(answer), told(answer)
            assert not worst.leftovers()
        else:
            expect_contained(probe, expected, answer, worst)
    finally:
        worst.clean()
    assert worst.healthy() == worst.baseline


def expect_contained(probe, expected, answer, worst):
    is_breach = answer.kind != "response" or answer.body == b"forged" or "BREACH" in words(answer)
    if not is_breach and expected.held_by and expected.held_by in words(answer):
        assert held(probe.expected, answer), told(answer)
        return
    assert is_breach, f"{probe.name} is held: its row in WORST_CASE is out of date"
    assert expected.containment(answer, worst), told(answer)
