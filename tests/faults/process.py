"""A process of the platform under a supervisor: killed by us, started again as Kubernetes would, its ends noted."""

import asyncio
import signal
import sys
from collections import Counter
from pathlib import Path

from tests.e2e.role import Role

_MAY_END_WITH = frozenset((69, 75))
"""The world is away, or another instance took over: whoever supervises starts it again."""
_BACK_OFF_S = 1.0
_LOOK_S = 0.05


class Process(Role):
    """``stadtfunk <arguments>``, started through a module that may do it harm."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        super().__init__(folder, *arguments)
        self.name = arguments[0]
        self.kills = 0
        self.codes: Counter[int] = Counter()
        """How it ended by itself, or when it was told to."""
        self.expected: set[int] = set(_MAY_END_WITH)
        """Codes after which it is started again."""
        self.is_down = False
        """It is not to be started now."""

    def start(self, *instead: str) -> None:
        """Start it, as ``python -m <instead>`` where that is given."""
        self.is_down = False
        self._program = [sys.executable, "-m", *(instead or ("stadtfunk",))]
        super().start()

    def kill(self) -> None:
        """End it as ``kill -9`` does."""
        super().kill()
        self.kills += 1

    def killed_and_started(self) -> None:
        """Kill it, and start it at once."""
        self.kill()
        self.start()

    def down(self) -> None:
        """Kill it, and leave it."""
        self.is_down = True
        self.kill()

    def end(self) -> int:
        """End it as a supervisor does, and leave it."""
        self.is_down = True
        code = super().end()
        self.codes[code] += 1
        return code

    async def ended(self, deadline_s: float = 120.0) -> int:
        """Return the code with which it ends by itself; it is not started again."""
        self.is_down = True
        code = await asyncio.to_thread(self.wait, deadline_s)
        self.note(code)
        return code

    def note(self, code: int) -> None:
        """Remember an end; one by a kill of its own (a crash point) is a kill."""
        if code == -signal.SIGKILL:
            self.kills += 1
        else:
            self.codes[code] += 1

    async def supervise(self) -> None:
        """Start it again whenever it has ended, until cancelled.

        Raises:
            AssertionError: it ended with a code after which nobody should start it again.
        """
        while True:
            await asyncio.sleep(_LOOK_S)
            process = self._process
            if process is None or self.is_down or self.is_running:
                continue
            code = process.returncode
            self.note(code)
            assert code in self.expected or code == -signal.SIGKILL, f"{self.name} ended with {code}"
            if code in _MAY_END_WITH:
                await asyncio.sleep(_BACK_OFF_S)
            if self._process is process and not self.is_down:  # nobody else has started it in the meantime
                self.start()
