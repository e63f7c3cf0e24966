"""docs/operating.md names what the template has, and shows the policy that it makes."""

import ast
import json
import re

import pytest
from support.deployments import SAMCONFIG, overrides
from support.stack import ACCOUNT, NAME, REGION, ROOT, SECRET, deployed, source

PAGE = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
PARAMETERS = source()["Parameters"]
# What this page calls by other names than the tests do.
OTHER_NAMES = {
    "111122223333": ACCOUNT,
    "function:rampart-dev:live": f"function:{NAME}:live",
    "arn:aws:s3:::BUCKET": "Charts.Arn",
    "arn:aws:kms:eu-central-1:555555555555:key/KEY": "Key.Arn",
    f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{NAME}:live": "FunctionAliaslive",
    '"SECRET"': f'"{SECRET}"',
}


def blocks(language: str) -> list[str]:
    return re.findall(rf"^[ ]*```{language}\n(.*?)^[ ]*```", PAGE, re.DOTALL | re.MULTILINE)


def test_the_policy_it_shows_is_the_one_that_backends_get():
    stack = deployed(**overrides("dev"), SigningKeySecret=SECRET)
    (shown,) = blocks("json")
    for ours, theirs in OTHER_NAMES.items():
        assert ours in shown
        shown = shown.replace(ours, theirs)
    assert json.loads(shown) == stack["BackendPolicy"]["PolicyDocument"]["Statement"]


def test_the_names_it_uses_are_those_of_the_stages():
    for stage, name in (("dev", "rampart-dev"), ("prod", "rampart")):
        assert SAMCONFIG[stage]["global"]["parameters"]["stack_name"] == name
        assert SAMCONFIG[stage]["global"]["parameters"]["region"] in PAGE
    stack = deployed(**overrides("dev"))
    assert stack["BackendPolicy"]["ManagedPolicyName"].replace(NAME, "rampart-dev", 1) in PAGE
    assert stack["LogGroup"]["LogGroupName"].replace(NAME, "rampart") in PAGE


def test_its_alarms_are_the_templates():
    rows = re.search(r"^\| alarm \|.*\n\|[ |-]+\n((?:\|.*\n)+)", PAGE, re.MULTILINE)[1].splitlines()
    alarms = deployed(**overrides("dev")).of("AWS::CloudWatch::Alarm").values()
    shown = {row.split("`")[1] for row in rows}
    assert shown == {alarm["AlarmName"].removeprefix(f"{NAME}-") for alarm in alarms}


def test_its_parameters_are_the_templates():
    named = set(re.findall(r"`(\w+)=[^`]*`", PAGE)) | {
        "AlarmTopic",
        "ChartDays",
        "MemorySize",
        "ReservedConcurrency",
        "RunMemoryMB",
    }
    assert [name for name in named if name not in PARAMETERS] == []
    assert [name for name in named if name not in PAGE] == []


@pytest.mark.parametrize("source_text", blocks("python"))
def test_its_python_is_python(source_text):
    ast.parse(source_text)


def test_its_two_lines_are_two():
    (lines,) = blocks("python")
    assert len(lines.splitlines()) == 2
