"""Several things at once, bounded, and in order at the end."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Collection, Coroutine, Iterable
from contextlib import aclosing
from typing import Generic, TypeVar

T = TypeVar("T")


async def together(work: Iterable[Coroutine[object, object, T]]) -> list[T]:
    """Do all of ``work`` at once and return its results in order; the first failure ends the rest and is raised.

    None of it goes on then: what it worked with may be closed.
    """
    tasks = [asyncio.ensure_future(each) for each in work]
    try:
        return await asyncio.gather(*tasks)
    except BaseException:
        await _ended(tasks)
        raise


async def in_turn(sources: AsyncGenerator[AsyncGenerator[T, None], None], ahead: int) -> AsyncGenerator[T, None]:
    """Yield what each of ``sources`` yields, one source after the other, while up to ``ahead`` of them work.

    Each holds at most two items that nobody has taken yet. To be closed (``aclosing``) by whoever leaves it early.
    """
    running: deque[_Running[T]] = deque()
    try:
        async with aclosing(sources):
            while True:
                while len(running) < ahead and (source := await anext(sources, None)) is not None:
                    running.append(_Running(source))
                if not running:
                    return
                while item := await running[0].item():
                    yield item[0]
                running.popleft()
    finally:
        await _ended([each.task for each in running])


async def _ended(tasks: Collection[asyncio.Task[T]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


class _Running(Generic[T]):
    """A source at work: one item on offer, one in hand."""

    def __init__(self, source: AsyncGenerator[T, None]) -> None:
        self._items: asyncio.Queue[list[T]] = asyncio.Queue(1)
        self._failure: Exception | None = None
        self.task = asyncio.ensure_future(self._work(source))

    async def item(self) -> list[T]:
        """Return the next item in a list; an empty one is the end.

        Raises:
            Exception: what the source raised, after all items before it.
        """
        item = await self._items.get()
        if not item and self._failure:
            raise self._failure
        return item

    async def _work(self, source: AsyncGenerator[T, None]) -> None:
        try:
            async with aclosing(source):
                async for item in source:
                    await self._items.put([item])
        except Exception as error:  # noqa: BLE001  whoever takes the items raises it
            self._failure = error
        await self._items.put([])
