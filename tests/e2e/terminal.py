"""A terminal that a program may draw in, and somebody who sits before it."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from types import TracebackType
from typing import Self

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


class Terminal:
    """``stadtfunk <arguments>`` in a terminal of ``rows`` and ``columns``."""

    def __init__(self, *arguments: str, rows: int = 40, columns: int = 120, term: str = "xterm-256color") -> None:
        self._command = ["setsid", "--ctty", sys.executable, "-m", "stadtfunk", *arguments]
        self._size = struct.pack("HHHH", rows, columns, 0, 0)
        self._environment = {**os.environ, "TERM": term}
        self.raw = ""
        """All that was written, with the commands to the terminal."""

    def __enter__(self) -> Self:
        self._screen, keyboard = pty.openpty()
        fcntl.ioctl(keyboard, termios.TIOCSWINSZ, self._size)
        self._process = subprocess.Popen(
            self._command, stdin=keyboard, stdout=keyboard, stderr=keyboard, env=self._environment
        )
        os.close(keyboard)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if error is not None:
            error.add_note(self.raw[-4_000:])
        self._process.kill()
        self._process.wait()
        os.close(self._screen)

    @property
    def text(self) -> str:
        """What was written, without the commands to the terminal."""
        return _CONTROL.sub("", self.raw).replace("\r", "")

    def type(self, keys: bytes) -> None:
        """Press ``keys``."""
        os.write(self._screen, keys)

    def send(self, number: signal.Signals) -> None:
        """Send a signal."""
        self._process.send_signal(number)

    def read_until(self, text: str, times: int = 1, deadline_s: float = 30.0) -> None:
        """Return once ``text`` was written so many times."""
        until = time.monotonic() + deadline_s
        while self.text.count(text) < times:
            assert time.monotonic() < until, f"{text!r} was not written {times} times"
            assert self._read(0.2), "it ended"

    def end(self, deadline_s: float = 30.0) -> int:
        """Read to its end, and return its exit code."""
        until = time.monotonic() + deadline_s
        while self._read(0.2):
            assert time.monotonic() < until, "it does not end"
        return self._process.wait(deadline_s)

    def _read(self, wait_s: float) -> bool:
        """Read what was written; False: it is over."""
        readable, _, _ = select.select([self._screen], [], [], wait_s)
        if not readable:
            return True
        try:
            written = os.read(self._screen, 1 << 16)
        except OSError:  # Linux: nobody holds the other side any more
            return False
        self.raw += written.decode(errors="replace")
        return bool(written)
