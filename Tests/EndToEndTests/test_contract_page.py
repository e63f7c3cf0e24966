"""docs/contract.md says what the schemas, the settings and the runtime say; its code does what it says."""

import re
import subprocess

import pytest
from support.function import function, lambda_client
from support.paths import ROOT
from support.schemas import schema

PAGE = (ROOT / "docs" / "contract.md").read_text(encoding="utf-8")
SETTINGS = (ROOT / "Sources" / "RampartCore" / "Settings.swift").read_text(encoding="utf-8")
KEY = "an example key: ü"


def table(heading: str) -> list[list[str]]:
    """Returns the cells of the table whose first column has this heading."""
    found = re.search(rf"^\| {re.escape(heading)} \|.*\n\|[ |-]+\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in found[1].splitlines()]


def words(cell: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", cell))


def test_its_tables_of_fields_are_those_of_the_schemas():
    ended = subprocess.run([ROOT / "scripts" / "contract-tables", "--check"], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr


def test_its_settings_are_those_that_the_runtime_reads():
    documented = {row[0].strip("`") for row in table("variable")}
    read = set(re.findall(r'"((?:RAMPART|AWS)_[A-Z0-9_]*[A-Z0-9])"', SETTINGS))
    assert documented == read


def test_its_other_names_of_aws_are_read_somewhere():
    _, _, rest = PAGE.partition("Of AWS's own names these are heeded too:")
    names = words(rest.partition(".\n")[0])
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "Sources").rglob("*.swift"))
    assert len(names) >= 9
    assert [name for name in names if f'"{name}"' not in sources] == []


def test_its_statuses_are_those_of_the_schema():
    properties, error = schema("envelope")["properties"], schema("envelope")["$defs"]["error"]["properties"]
    rows = table("`status`")
    assert {row[0].strip("`") for row in rows} == set(properties["status"]["enum"])
    assert set().union(*(words(row[2]) for row in rows)) == set(error["kind"]["enum"])
    assert set().union(*(words(row[3]) for row in rows)) == set(properties["limit"]["properties"]["name"]["enum"])


def test_its_reasons_are_those_of_the_schema():
    reasons = schema("envelope")["properties"]["leftOut"]["properties"]["first"]["items"]["properties"]["reason"]
    assert [row[0].strip("`") for row in table("`leftOut.first[].reason`")] == reasons["enum"]


def test_its_defaults_are_those_that_capabilities_tell(deployed):
    defaults = {row[0].strip("`"): row[2].strip("`") for row in table("variable")}
    told = deployed.invoke({"capabilities": True})["capabilities"]
    for name, field in {
        "WALL_SECONDS": "wallSeconds",
        "CPU_SECONDS": "cpuSeconds",
        "MEMORY_MB": "memoryMB",
        "FILE_MB": "fileMB",
        "OUTPUT_MB": "outputMB",
        "FILES": "files",
        "TEXT_KB": "textKB",
    }.items():
        assert defaults[f"RAMPART_{name}"] == str(told["limits"][field])
    assert told["packages"]["ggplot2"]
    assert {"DejaVu Sans", "Noto Sans", "Noto Sans CJK JP", "Noto Color Emoji"} <= set(told["fonts"])


def test_capabilities_are_told_without_a_run(deployed):
    usage = deployed.invoke({"capabilities": True})["usage"]
    assert (usage["cpuMs"], usage["peakMemoryBytes"], usage["phases"]["runMs"]) == (0, 0, 0)


@pytest.fixture(scope="module")
def verified():
    """The verifier that the page offers, as its reader would take it."""
    (source,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert "def verified(" in source
    names: dict = {}
    exec(source, names)
    return names["verified"]


@pytest.fixture(scope="module")
def payload(tmp_path_factory):
    with function(tmp_path_factory.mktemp("signed"), RAMPART_SIGNING_KEY=KEY) as running:
        answer = lambda_client(running.endpoint).invoke(
            FunctionName="function", Payload=b'{"code": "cat(\'\\u00fc\')"}'
        )
        return answer["Payload"].read()


def request_id(payload: bytes) -> str:
    return re.search(rb'"requestId":"([^"]+)"', payload)[1].decode()


def test_its_verifier_takes_what_rampart_signed(verified, payload):
    envelope = verified(payload, KEY.encode(), request_id(payload))
    assert (envelope["status"], envelope["stdout"]["text"]) == ("completed", "ü")
    assert payload[-80:-66] == b',"signature":"'


@pytest.mark.parametrize("place", [1, 100, -100, -70, -1])
def test_its_verifier_sees_a_changed_byte(verified, payload, place):
    changed = bytearray(payload)
    changed[place] ^= 1
    with pytest.raises(ValueError, match="not Rampart's"):
        verified(bytes(changed), KEY.encode(), request_id(payload))


def test_its_verifier_sees_another_key_and_another_request(verified, payload):
    with pytest.raises(ValueError, match="not Rampart's"):
        verified(payload, b"another key", request_id(payload))
    with pytest.raises(ValueError, match="another request"):
        verified(payload, KEY.encode(), "8476a536-e9f4-11e8-9739-2dfe598c3fcd")
