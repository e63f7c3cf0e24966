"""The parameters: what they refuse, and that samconfig.toml's are among what they take."""

import re

import pytest
from support.deployments import DEPLOYMENTS, SAMCONFIG
from support.stack import ROOT, source

PARAMETERS = source()["Parameters"]


def accepts(name: str, value: str) -> bool:
    row = PARAMETERS[name]
    if "AllowedValues" in row:
        return value in [str(allowed) for allowed in row["AllowedValues"]]
    if row["Type"] == "Number":
        return row.get("MinValue", 0) <= int(value) <= row.get("MaxValue", int(value))
    return re.fullmatch(row["AllowedPattern"], value) is not None


@pytest.mark.parametrize("deployment", DEPLOYMENTS)
def test_a_deployment_gives_what_they_take(deployment):
    given = DEPLOYMENTS[deployment]
    assert [name for name in given if name not in PARAMETERS] == []
    assert [name for name, value in given.items() if not accepts(name, value)] == []
    assert [name for name, row in PARAMETERS.items() if "Default" not in row and name not in given] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("S3PrefixListId", ""),
        ("S3PrefixListId", "0.0.0.0/0"),
        ("Architecture", "riscv64"),
        ("MemorySize", "1024"),
        ("ReservedConcurrency", "0"),
        ("AsyncRetries", "2"),
        ("TenantIsolation", "per_tenant"),
        ("SelfTest", "true"),
        ("SigningKeySecret", "hunter2"),
        ("SigningKeyVersion", "a}}b"),
        ("LogDays", "0"),
        ("SystemLogLevel", "WARN"),
        ("AlarmTopic", "somebody"),
        ("PermissionsBoundary", "boundary"),
        ("EphemeralStorageMB", "100"),
        ("ImageUri", "rampart:latest"),
        ("TimeoutSeconds", "901"),
        ("WallSeconds", "0"),
        ("Preload", "a;b"),
        ("DeploymentType", "Fast"),
        ("Release", "a b"),
        ("PutBucket", "*"),
        ("VpcEndpointId", "all"),
        ("ExistingBucketKmsArn", "key"),
        ("UnfinishedRuns", "0"),
    ],
)
def test_they_refuse(name, value):
    assert not accepts(name, value)


def test_every_parameter_says_what_it_is_and_is_in_a_group():
    assert [name for name, row in PARAMETERS.items() if not row.get("Description")] == []
    groups = source()["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    assert sorted(name for group in groups for name in group["Parameters"]) == sorted(PARAMETERS)


def test_the_secret_itself_is_no_parameter():
    # A value that a parameter had would be shown to whoever may describe the stack.
    assert [name for name in PARAMETERS if "Key" in name] == ["SigningKeySecret", "SigningKeyVersion"]


def test_images_are_built_by_what_can_mount_caches():
    for stage in ("dev", "prod"):
        assert SAMCONFIG[stage]["build"]["parameters"]["use_buildkit"] is True


def test_production_asks_before_it_changes_anything():
    assert SAMCONFIG["prod"]["deploy"]["parameters"]["confirm_changeset"] is True
    assert "SelfTest=off" in SAMCONFIG["prod"]["global"]["parameters"]["parameter_overrides"]


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_both_stages_can_be_deployed_side_by_side(stage):
    assert SAMCONFIG[stage]["deploy"]["parameters"]["capabilities"] == "CAPABILITY_NAMED_IAM"
    names = {SAMCONFIG[each]["global"]["parameters"]["stack_name"] for each in ("dev", "prod")}
    assert len(names) == 2


def test_the_memory_is_what_the_page_of_costs_recommends():
    page = (ROOT / "docs" / "cost.md").read_text(encoding="utf-8")
    recommended = re.search(r"^\*\*([\d,]+) MB is the setting", page, re.MULTILINE)[1].replace(",", "")
    assert str(PARAMETERS["MemorySize"]["Default"]) == recommended
