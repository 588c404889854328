"""Dependencies point inwards, and each technology stays in its adapter: the contracts of pyproject.toml."""

import subprocess
import sys
from pathlib import Path

from tests.architecture.checkout import ROOT


def test_the_import_contracts_are_kept() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
