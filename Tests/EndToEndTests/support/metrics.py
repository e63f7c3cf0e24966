"""CloudWatch's embedded metric format, by its published specification.

The specification is AWS's page "Specification: Embedded metric format". The schema holds what it says of
`_aws`; what it says of the members that are referred to is in `problems`.
"""

from jsonschema import Draft202012Validator

UNITS = [
    "Seconds",
    "Microseconds",
    "Milliseconds",
    "Percent",
    "Count",
    "None",
    *[f"{size}{what}" for what in ("bits", "bytes") for size in ("Kilo", "Mega", "Giga", "Tera")],
    "Bits",
    "Bytes",
    "Count/Second",
    *[f"{size}{what}/Second" for what in ("bits", "bytes") for size in ("Kilo", "Mega", "Giga", "Tera")],
    "Bits/Second",
    "Bytes/Second",
]

SCHEMA = Draft202012Validator(
    {
        "type": "object",
        "required": ["_aws"],
        "properties": {
            "_aws": {
                "type": "object",
                "required": ["Timestamp", "CloudWatchMetrics"],
                "additionalProperties": False,
                "properties": {
                    "Timestamp": {"type": "integer"},
                    "CloudWatchMetrics": {"type": "array", "items": {"$ref": "#/$defs/directive"}},
                },
            }
        },
        "$defs": {
            "directive": {
                "type": "object",
                "required": ["Namespace", "Dimensions", "Metrics"],
                "additionalProperties": False,
                "properties": {
                    "Namespace": {"type": "string", "minLength": 1, "maxLength": 1024},
                    "Dimensions": {
                        "type": "array",
                        "minItems": 1,
                        "items": {
                            "type": "array",
                            "maxItems": 30,
                            "items": {"type": "string", "minLength": 1, "maxLength": 250},
                        },
                    },
                    "Metrics": {
                        "type": "array",
                        "maxItems": 100,
                        "items": {"$ref": "#/$defs/definition"},
                    },
                },
            },
            "definition": {
                "type": "object",
                "required": ["Name"],
                "additionalProperties": False,
                "properties": {
                    "Name": {"type": "string", "minLength": 1, "maxLength": 1024},
                    "Unit": {"enum": UNITS},
                    "StorageResolution": {"enum": [1, 60]},
                },
            },
        },
    }
)


def problems(record: dict) -> list[str]:
    """Returns what is wrong with a record; nothing where CloudWatch takes all its metrics."""
    found = [f"{error.json_path}: {error.message}" for error in SCHEMA.iter_errors(record)]
    for directive in [] if found else record["_aws"]["CloudWatchMetrics"]:
        for name in {name for names in directive["Dimensions"] for name in names}:
            value = record.get(name)
            if not isinstance(value, str) or not 1 <= len(value) <= 1024:
                found.append(f"the dimension {name} is {value!r}")
        for metric in directive["Metrics"]:
            value = record.get(metric["Name"])
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                found.append(f"the metric {metric['Name']} is {value!r}")
    return found


def units(record: dict) -> dict[str, str]:
    """Returns the metrics of a record by name, with their units."""
    directives = record["_aws"]["CloudWatchMetrics"]
    return {metric["Name"]: metric["Unit"] for directive in directives for metric in directive["Metrics"]}
