"""The stack that CloudFormation would make of the template: transformed by SAM's translator, parameters filled in."""

import copy
import os
from dataclasses import dataclass
from pathlib import Path

from cloud_radar.cf.unit import Template, functions
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

ROOT = Path(__file__).resolve().parents[3]
ACCOUNT, REGION, NAME = "555555555555", "eu-central-1", "charts"
# `sam build` and `sam deploy` put the pushed image there.
IMAGE = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/rampart@sha256:{'0' * 64}"
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:signing-key-AbCdEf"

# The renderer would fetch the regions' zones from the network.
functions.REGION_DATA = [{"code": REGION, "zones": [REGION + letter for letter in "abc"]}]
# The translator asks an SDK which region it is in.
os.environ["AWS_DEFAULT_REGION"] = REGION


@dataclass
class Stack:
    """Resources with every parameter, condition and function resolved.

    What another resource is known by only after it was made stands as `Name`, or `Name.Attribute`.
    """

    resources: dict[str, dict]
    parameters: dict[str, str]

    def of(self, kind: str) -> dict[str, dict]:
        """Returns the properties of the resources of a kind, by name."""
        return {name: resource["Properties"] for name, resource in self.resources.items() if resource["Type"] == kind}

    def only(self, kind: str) -> dict:
        """Returns the properties of the one resource of a kind."""
        found = self.of(kind)
        assert len(found) == 1, f"there are {len(found)} of {kind}"
        return next(iter(found.values()))

    def __getitem__(self, name: str) -> dict:
        return self.resources[name]["Properties"]

    def copy(self) -> "Stack":
        return copy.deepcopy(self)


def source() -> dict:
    """Returns the template as it is written."""
    return yaml_parse((ROOT / "template.yaml").read_text(encoding="utf-8"))


def deployed(**parameters: str) -> Stack:
    """Returns the stack that these parameters and the others' defaults make."""
    template = source()
    template["Resources"]["Function"]["Properties"]["ImageUri"] = IMAGE
    values = {name: str(row["Default"]) for name, row in template["Parameters"].items() if "Default" in row}
    values |= parameters
    transformed = transform(template, {"AWS::Region": REGION, **values}, managed_policy_loader=NoManagedPolicies())
    renderer = Template(plain(transformed), dynamic_references={"secretsmanager": Unresolved()})
    renderer.StackName, renderer.AccountId = NAME, ACCOUNT
    return Stack(without_no_value(renderer.render(parameters, region=REGION)["Resources"]), values)


class NoManagedPolicies:
    """The translator asks AWS for its managed policies by name; the template names none."""

    def load(self) -> dict:
        return {}


class Unresolved(dict):
    """Leaves a reference to a secret as it stands."""

    def __contains__(self, key: object) -> bool:
        return True

    def __missing__(self, key: str) -> str:
        return f"[secretsmanager {key}]"


def without_no_value(node):
    """Takes AWS::NoValue, which the renderer leaves in lists as empty text, out of them."""
    if isinstance(node, dict):
        return {key: without_no_value(value) for key, value in node.items()}
    if isinstance(node, list):
        return [without_no_value(value) for value in node if value != Template.NoValue]
    return node


def plain(node):
    """Turns the translator's own kinds of dictionary into Python's."""
    if isinstance(node, dict):
        return {str(key): plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [plain(value) for value in node]
    return node
