"""The patterns by which template.yaml counts log lines match what Rampart writes, at every level, once each."""

import json
import re

import pytest
import yaml
from support.paths import ROOT
from support.runtime_api import Answers, Hands, RuntimeAPI, runtime, wait_for_records

# In the form of Lambda's documentation of its JSON logs; it was not provoked.
OUT_OF_MEMORY = {
    "time": "2026-11-25T03:00:00.000Z",
    "type": "platform.report",
    "record": {"requestId": "1", "status": "error", "errorType": "Runtime.OutOfMemory", "metrics": {}},
}
MUCH = {"code": "x <- rep(1, 3e8)", "limits": {"memoryMB": 64}, "store": {"inline": True}}
LEVELS = ["DEBUG", "INFO", "FATAL"]


class Template(yaml.SafeLoader):
    """Reads CloudFormation's own tags as what they stand on."""


def untagged(loader, _, node):
    kinds = {yaml.ScalarNode: loader.construct_scalar, yaml.SequenceNode: loader.construct_sequence}
    return kinds.get(type(node), loader.construct_mapping)(node)


Template.add_multi_constructor("!", untagged)


def pattern(name: str) -> str:
    template = yaml.load((ROOT / "template.yaml").read_text(encoding="utf-8"), Template)
    return template["Resources"][name]["Properties"]["FilterPattern"]


def matches(pattern: str, line: dict) -> bool:
    """Tells as CloudWatch does whether a JSON line matches: one comparison, or several of which one must hold."""
    comparisons = re.findall(r'\$\.([\w.]+) = "([^"]*)"', pattern)
    forms = [f'$.{path} = "{value}"' for path, value in comparisons]
    assert pattern in (f"{{ {forms[0]} }}", f"{{ {' || '.join(f'({form})' for form in forms)} }}")
    return any(member(line, path.split(".")) == value for path, value in comparisons)


def member(node, path: list[str]):
    for name in path:
        node = node.get(name) if isinstance(node, dict) else None
    return node


def logged(folder, level: str, *nexts, posts=()) -> list[dict]:
    """Returns the log's lines that Lambda lets pass at a level."""
    settings = {"AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": level}
    with RuntimeAPI(*nexts, posts=posts) as api, runtime(api, folder, **settings) as running:
        wait_for_records(running, len(nexts))
        if posts:
            assert running.exit_status() == 70
        return [json.loads(line) for line in running.lines]


def count(name: str, lines: list[dict]) -> int:
    return sum(matches(pattern(name), line) for line in lines)


@pytest.mark.parametrize("level", LEVELS)
def test_a_tainted_exit_is_counted_once(tmp_path, level):
    lines = logged(tmp_path, level, Hands(), posts=[Answers(403, "InvalidStateTransition")])
    assert (count("TaintedLines", lines), count("OutOfMemoryLines", lines)) == (1, 0)


@pytest.mark.parametrize("level", LEVELS)
def test_a_run_out_of_memory_is_counted_once(tmp_path, level):
    lines = logged(tmp_path, level, Hands(MUCH))
    assert (count("TaintedLines", lines), count("OutOfMemoryLines", lines)) == (0, 1)


def test_an_environment_out_of_memory_is_counted():
    assert count("OutOfMemoryLines", [OUT_OF_MEMORY]) == 1


def test_other_ends_are_not_counted(tmp_path):
    slow = {"code": "Sys.sleep(9)", "limits": {"wallSeconds": 1}}
    others = [Hands(slow, id="2"), Hands({"banana": 1}, id="3"), Hands(id="4", seconds=-1)]
    lines = logged(tmp_path, "DEBUG", Hands(), *others)
    assert len(lines) >= 8
    assert (count("TaintedLines", lines), count("OutOfMemoryLines", lines)) == (0, 0)
