"""The envelope's form, checked for every answer that a test looks at."""

import hashlib
from base64 import b64decode

from .schemas import envelope_problems


def check(envelope: dict) -> dict:
    """Returns the envelope, having seen that it has the contract's form."""
    problems = envelope_problems(envelope)
    assert not problems, problems
    return envelope


def only_chart(envelope: dict) -> dict:
    assert envelope["status"] == "completed", envelope["error"]
    (chart,) = envelope["charts"]
    return chart


def inline_bytes(artifact: dict) -> bytes:
    """Returns an inline artifact's bytes, having compared them with what the envelope says of them."""
    data = b64decode(artifact["location"]["data"], validate=True)
    expect_same(artifact, data)
    return data


def expect_same(artifact: dict, data: bytes) -> None:
    assert artifact["bytes"] == len(data)
    assert artifact["sha256"] == hashlib.sha256(data).hexdigest()
