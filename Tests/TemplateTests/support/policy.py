"""Statements of policies in one form, so that two can be compared."""

from dataclasses import dataclass, field


@dataclass
class Statement:
    effect: str
    actions: list[str]
    resources: list[str]
    condition: dict = field(default_factory=dict)
    principal: object = None


def statements(document: dict) -> list[Statement]:
    """Returns a policy's statements; one that is written in a way that is not known here is refused."""
    assert document["Version"] == "2012-10-17"
    return [_statement(row) for row in document["Statement"]]


def _statement(row: dict) -> Statement:
    # NotAction, NotResource and NotPrincipal name what is not meant, and so everything else.
    assert set(row) <= {"Sid", "Effect", "Action", "Resource", "Condition", "Principal"}, row
    return Statement(
        row["Effect"],
        sorted(_listed(row["Action"])),
        sorted(_listed(row.get("Resource", []))),
        row.get("Condition", {}),
        row.get("Principal"),
    )


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
