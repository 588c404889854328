"""One process of the platform: started as a user would, and killed as nobody would."""

import re
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

_END_S = 60.0
"""A role has 25 s to drain and closes its connections within deadlines of its own."""
_BUCKETS = ("out", "dead", "duplicate", "redelivered", "ignored", "in flight")
_LAW = re.compile(r"(?P<stage>[a-z][a-z -]*): in (\d+) = " + r" \+ ".join(rf"{bucket} (-?\d+)" for bucket in _BUCKETS))


class Role:
    """``stadtfunk <arguments>`` with its output in a file."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._arguments = arguments
        self._program = [sys.executable, "-m", "stadtfunk"]
        self._log = folder / f"{arguments[0]}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if error is not None:
            error.add_note(f"--- {' '.join(self._arguments)}\n{self.said()[-4_000:]}")
        if self.is_running:
            self.kill()

    @property
    def is_running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process."""
        assert self._process is not None
        return self._process.pid

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        assert self._process is not None
        self._process.send_signal(number)

    def start(self) -> None:
        """Start the process, or start it again."""
        with self._log.open("ab") as log:
            command = [*self._program, *self._arguments]
            self._process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)

    def kill(self) -> None:
        """End it as ``kill -9`` does."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def end(self) -> int:
        """End it as a supervisor does, and return its exit code."""
        self.send(signal.SIGTERM)
        return self.wait(_END_S)

    def wait(self, timeout_s: float) -> int:
        """Wait until it ends by itself, and return its exit code."""
        assert self._process is not None
        return self._process.wait(timeout_s)

    def said(self) -> str:
        """Return all it has written so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def laws(self) -> dict[str, dict[str, int]]:
        """Return the last conservation law it wrote of each of its stages: ``in`` and the buckets."""
        return {
            stage: dict(zip(("in", *_BUCKETS), map(int, figures), strict=True))
            for stage, *figures in _LAW.findall(self.said())
        }


def done(folder: Path, *arguments: str) -> str:
    """Run a command that ends by itself and return what it wrote."""
    role = Role(folder, *arguments)
    role.start()
    code = role.wait(_END_S * 5)
    assert code == 0, role.said()
    return role.said()
