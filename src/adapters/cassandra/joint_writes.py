"""Writes that begin at the same moment, done as one: their rows share batches.

What a batch costs beside its rows is the same for 10 rows and for 100, for us and for the nodes. The sink stores all
kinds of a batch at the same time, and at a live rate each kind alone would fill its batches but in part.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from itertools import chain

from adapters.cassandra.rows import Row

Write = Callable[[Iterable[Row]], Coroutine[object, object, None]]


class JointWrites:
    """Gathers what the tasks of one turn of the loop want written."""

    def __init__(self, write: Write) -> None:
        """Take what writes rows, however many."""
        self._write = write
        self._next: _Joint | None = None

    async def write(self, rows: Iterable[Row]) -> None:
        """Write ``rows`` with those of all who ask before the loop comes to it; they have one fate.

        Cancelled, the rows may be written or not, like those of any write that was cancelled; the others' are.

        Raises:
            Exception: what writing any of them raised.
        """
        joint = self._next
        if joint is None or joint.is_given_up:
            joint = self._next = _Joint()
            joint.task = asyncio.create_task(self._run(joint))
        await joint.written(rows)

    async def _run(self, joint: "_Joint") -> None:
        self._next = None  # whoever asks from now on is too late for it
        await self._write(chain.from_iterable(joint.rows))


class _Joint:
    """What is written together, and how many wait for it."""

    task: "asyncio.Task[None]"

    def __init__(self) -> None:
        self.rows: list[Iterable[Row]] = []
        self._waiting = 0
        self.is_given_up = False

    async def written(self, rows: Iterable[Row]) -> None:
        """Wait until all is written; if nobody waits any more, it is given up."""
        self.rows.append(rows)
        self._waiting += 1
        try:
            await asyncio.shield(self.task)
        finally:
            self._waiting -= 1
            if not self._waiting:
                self.is_given_up = True
                self.task.cancel()
