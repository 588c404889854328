"""A command that ends by itself: what it wrote to either side, and the code it ended with."""

import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

from msgspec import Struct

from stadtfunk.cli import main

_END_S = 60.0
"""No command waits longer for anybody: the longest deadline of a start is 30 s."""


class Ended(Struct):
    """What is left of a process."""

    code: int
    out: str
    err: str

    @property
    def last_line(self) -> str:
        """The line that says why it ended: the only one of its kind, and no traceback beside it."""
        said = [line for line in self.err.splitlines() if line.startswith("stadtfunk: ")]
        assert len(said) == 1, self
        assert "Traceback" not in self.err, self
        assert self.err.rstrip().endswith(said[0]), self
        return said[0].removeprefix("stadtfunk: ")


def command(
    *arguments: object,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    before: tuple[str, ...] = (),
) -> Ended:
    """Run ``stadtfunk <arguments>`` in ``folder`` and return how it ended; ``before`` starts it (``prlimit``, …)."""
    words = [*before, sys.executable, "-m", "stadtfunk", *map(str, arguments)]
    done = subprocess.run(
        words,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=_END_S,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def said_here(*words: object, code: int = 0) -> str:
    """Return what ``stadtfunk <words>`` wrote to either side; it must end with ``code``.

    In this very process: a start of its own costs seconds on a busy machine, and tests have many.
    """
    said = StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        ended = main([str(word) for word in words])
    assert ended == code, said.getvalue()
    return said.getvalue()
