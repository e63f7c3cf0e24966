"""Whether AWS would allow a call, by the policies of a stack: as much of IAM's rules as those policies use."""

import re
from dataclasses import dataclass, field

from .policy import Statement, statements
from .stack import ACCOUNT, Stack

ROLE, BACKEND, STRANGER = "Role.Arn", "a backend's role", "somebody else's role"
ENDPOINT = "S3Endpoint"


@dataclass
class Call:
    principal: str
    action: str
    resource: str
    #: Whether the call leaves by the network's endpoint, as all of the function's do.
    by_endpoint: bool = False
    #: Further keys that conditions ask for.
    context: dict[str, str] = field(default_factory=dict)

    @property
    def keys(self) -> dict[str, str]:
        strange = self.principal == STRANGER
        return {
            "aws:PrincipalArn": self.principal,
            "aws:PrincipalAccount": "999999999999" if strange else ACCOUNT,
            "s3:ResourceAccount": "999999999999" if "another-bucket" in self.resource else ACCOUNT,
            "aws:SecureTransport": "true",
            **({"aws:SourceVpce": ENDPOINT} if self.by_endpoint else {}),
            **self.context,
        }


def is_allowed(stack: Stack, call: Call) -> bool:
    """A deny anywhere decides; else the principal's own policy must allow, and the endpoint's if it is passed."""
    own = _own(stack, call.principal)
    bucket = statements(stack["BucketPolicy"]["PolicyDocument"])
    endpoint = statements(stack["S3Endpoint"]["PolicyDocument"])
    passed = [own, endpoint] if call.by_endpoint else [own]
    said = own + bucket + (endpoint if call.by_endpoint else [])
    if any(_matches(statement, call) for statement in said if statement.effect == "Deny"):
        return False
    return all(any(_matches(row, call) for row in policy if row.effect == "Allow") for policy in passed)


def _own(stack: Stack, principal: str) -> list[Statement]:
    if principal == ROLE:
        return statements(stack["Role"]["Policies"][0]["PolicyDocument"])
    if principal == BACKEND:
        return statements(stack["BackendPolicy"]["PolicyDocument"])
    return [Statement("Allow", ["s3:*"], ["*"])]


def _matches(statement: Statement, call: Call) -> bool:
    return (
        any(_like(pattern, call.action) for pattern in statement.actions)
        and any(_like(pattern, call.resource) for pattern in statement.resources)
        and all(_holds(operator, rows, call.keys) for operator, rows in statement.condition.items())
    )


def _holds(operator: str, rows: dict, keys: dict[str, str]) -> bool:
    return all(OPERATORS[operator](keys.get(key), _listed(wanted)) for key, wanted in rows.items())


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _like(pattern: str, value: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), value) is not None


def _any_like(value: str | None, patterns: list[str]) -> bool:
    return value is not None and any(_like(pattern, value) for pattern in patterns)


# A key that a call lacks fails each of them but the negated one, which it passes.
OPERATORS = {
    "ArnEquals": _any_like,
    "ArnLike": _any_like,
    "Bool": lambda value, wanted: value in wanted,
    "StringEquals": lambda value, wanted: value in wanted,
    "StringNotEquals": lambda value, wanted: value not in wanted,
}
