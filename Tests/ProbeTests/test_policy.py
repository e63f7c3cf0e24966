"""The policy of system calls, row by row."""

from test_probes import PROBES, words
from worlds.policy import attempted, attempts, expected_error, refusals


def test_every_refusing_row_is_tried():
    assert set(refusals()) - attempted() == set()


def test_every_row_is_one_of_the_forms():
    assert len(refusals()) > 120


def test_every_refusal_is_the_policys_own(confined):
    answer = confined.run(PROBES["syscalls"])
    tried = attempts(words(answer))
    assert {name for name, _ in tried} == attempted()
    assert [(name, error) for name, error in tried if error != expected_error(name)] == []


def test_without_the_policy_every_call_reaches_the_kernel(unconfined):
    """The same attempts: no errno is the one that the policy would answer."""
    _, text = unconfined.observe(PROBES["syscalls"])
    tried = attempts(text)
    assert {name for name, _ in tried} == attempted()
    assert [(name, error) for name, error in tried if error == expected_error(name)] == []
