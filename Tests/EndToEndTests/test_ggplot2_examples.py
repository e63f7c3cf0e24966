"""A sample of ggplot2's own help pages ends as it does under Rscript; `make ggplot2-examples` runs them all."""

import re
import subprocess
import sys

import pytest
from support.paths import BINARY, ROOT
from support.processes import environment

SAMPLE = [
    "annotation_raster",
    "coord_polar",
    "draw_key",
    "facet_null",
    "geom_polygon",
    "ggplot",
    "ggsave",
    "labellers",
    "print.ggplot",
    "scale_date",
]


@pytest.mark.timeout(180)
@pytest.mark.desk
def test_the_sample_ends_alike_with_as_many_pages():
    ended = subprocess.run(
        [sys.executable, ROOT / "Benchmarks" / "ggplot2-examples", "--binary", BINARY, *SAMPLE],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=170,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    told = re.search(r"(\d+) of (\d+) help pages end alike, .*; (\d+) pages drawn", ended.stdout)
    assert (told[1], told[2]) == (str(len(SAMPLE)), str(len(SAMPLE)))
    assert int(told[3]) >= 30
