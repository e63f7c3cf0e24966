"""The command that finds the prefix list is told in three places: it is one command, and EC2 knows what it names."""

import re
import shlex

import boto3
import jmespath
import pytest
from support.stack import REGION, ROOT, source

PLACES = {
    "the parameter": source()["Parameters"]["S3PrefixListId"]["Description"],
    "samconfig.toml": (ROOT / "samconfig.toml").read_text(encoding="utf-8"),
    "the page": (ROOT / "docs" / "operating.md").read_text(encoding="utf-8"),
}


def options(place: str) -> dict[str, str]:
    """Returns the options of the command, as a shell would read them."""
    text = re.sub(r"\\\n|^#", " ", PLACES[place], flags=re.MULTILINE)
    (command,) = re.findall(r"aws ec2 describe-managed-prefix-lists((?:\s+--\S+ (?:'[^']*'|\S+))+)", text)
    words = shlex.split(command)
    return dict(zip(words[::2], words[1::2], strict=True))


@pytest.fixture(scope="module")
def ec2():
    return boto3.client("ec2", region_name=REGION).meta.service_model.operation_model("DescribeManagedPrefixLists")


@pytest.mark.parametrize("place", PLACES)
def test_it_asks_for_the_list_of_s3s_addresses(ec2, place):
    name, values = options(place)["--filters"].split(",")
    assert name.startswith("Name=")
    assert f"<code>{name.removeprefix('Name=')}</code>" in ec2.input_shape.members["Filters"].documentation
    assert values in (f"Values=com.amazonaws.{REGION}.s3", "Values=com.amazonaws.REGION.s3")
    assert options(place).get("--region", "REGION") in (values.split(".")[2], "REGION")


@pytest.mark.parametrize("place", PLACES)
def test_it_prints_the_id_alone(ec2, place):
    lists = ec2.output_shape.members["PrefixLists"].member.members
    assert {"PrefixListId", "PrefixListName"} <= lists.keys()
    answer = {"PrefixLists": [{"PrefixListId": "pl-6ea54007", "PrefixListName": f"com.amazonaws.{REGION}.s3"}]}
    assert jmespath.search(options(place)["--query"], answer) == "pl-6ea54007"
    assert options(place)["--output"] == "text"


@pytest.mark.parametrize("place", PLACES)
def test_it_has_no_option_but_these(place):
    assert options(place).keys() <= {"--region", "--filters", "--query", "--output"}
