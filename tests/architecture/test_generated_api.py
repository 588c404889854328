"""The committed API is what the protos say."""

import subprocess
import sys

from tests.architecture.checkout import ROOT


def test_the_generated_api_is_current() -> None:
    command = [sys.executable, "proto/generate.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
