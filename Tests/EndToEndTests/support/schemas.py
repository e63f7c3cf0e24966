"""The two JSON Schemas under docs/, and what they say of a document."""

import json
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from .paths import ROOT


def schema(name: str) -> dict:
    return json.loads((ROOT / "docs" / f"{name}.schema.json").read_text(encoding="utf-8"))


def closed(node: Any) -> Any:
    """Returns the schema without room for fields that it does not name: a caller may meet new ones, our own
    tests may not."""
    if isinstance(node, list):
        return [closed(element) for element in node]
    if not isinstance(node, dict):
        return node
    inner = {key: closed(value) for key, value in node.items()}
    is_object = "properties" in node and "object" in node.get("type", ())
    return {"additionalProperties": False, **inner} if is_object else inner


ENVELOPE = Draft202012Validator(closed(schema("envelope")))
REQUEST = Draft202012Validator(schema("request"))


def envelope_problems(envelope: dict) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in ENVELOPE.iter_errors(envelope)]


def request_pointers(event: Any) -> set[str]:
    """Returns the JSON pointers of the fields of a request that its schema refuses."""
    return {pointer for error in REQUEST.iter_errors(event) for pointer in pointers(error)}


def pointers(error: ValidationError) -> list[str]:
    """A field that is missing, or one too many, is named itself rather than the object around it."""
    path = list(error.absolute_path)
    names: list[str] = []
    if error.validator == "required":
        names = [name for name in error.validator_value if name not in error.instance]
    elif error.validator == "additionalProperties" and error.validator_value is False:
        names = [name for name in error.instance if name not in error.schema["properties"]]
    return [pointer([*path, name]) for name in names] or [pointer(path)]


def pointer(path: list) -> str:
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)
