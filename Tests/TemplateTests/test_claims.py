"""The deployed stack is what template.yaml, docs/operating.md and the threat model say it is."""

import pytest
from claims import CLAIMS
from support.deployments import DEPLOYMENTS


@pytest.mark.parametrize("deployment", DEPLOYMENTS)
@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.__name__)
def test_it_is_so_that(claim, deployment, stacks):
    claim(stacks[deployment])
