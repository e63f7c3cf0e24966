"""The threat model names every probe, and nothing that is not one."""

import re

from expected import WORST_CASE
from support.paths import ROOT
from test_probes import PROBES

TEXT = (ROOT / "docs" / "threat-model.md").read_text()
WORST = TEXT[TEXT.index("## Lambda's worst case") :]


def test_every_probe_stands_behind_a_claim():
    assert [name for name in PROBES if f"`{name}`" not in TEXT] == []


def test_every_hyphenated_name_is_a_probe():
    named = set(re.findall(r"`([a-z0-9]+(?:-[a-z0-9]+)+)`", TEXT))
    assert named - set(PROBES) == set()


def test_the_worst_cases_breaches_are_told():
    assert [name for name in WORST_CASE if f"`{name}`" not in WORST] == []
