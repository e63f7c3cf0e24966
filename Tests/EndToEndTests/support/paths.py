"""Where things lie in the tree."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
TOOLS = ROOT / ".tools"
EXAMPLES = ROOT / "Examples"
BINARY = Path(os.environ.get("TEST_BINARY", ROOT / ".build" / "release" / "rampart"))
