"""Work on files, beside the event loop."""

import asyncio
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Aside:
    """A thread for one thing after the other."""

    def __init__(self) -> None:
        self._working: asyncio.Task[Any] | None = None

    @property
    def is_at_work(self) -> bool:
        """Whether a thread still works: on a share that is away it may do so for ever, and has its files as long."""
        return self._working is not None and not self._working.done()

    async def do(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do ``work`` on a thread; even when cancelled, wait for its end: no file may be closed under it."""
        working = asyncio.create_task(asyncio.to_thread(work, *args, **kwargs))
        self._working = working
        try:
            return await asyncio.shield(working)
        except asyncio.CancelledError:
            await asyncio.wait({working})
            raise
