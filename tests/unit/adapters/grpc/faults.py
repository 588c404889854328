"""Ports that fail, wait, or never end."""

import asyncio
from collections.abc import AsyncIterator, Sequence

from adapters.memory.observation_store import MemoryObservationStore
from adapters.memory.reading_query import MemoryReadingQuery
from application.ports.reading_query import ReadingFilter, StoredReading
from domain.identifiers import DevEui
from domain.observation import Observation
from tests.support.builders import DEV, NOON_NS, an_observation

EVER = ReadingFilter(-(2**63), 2**63 - 1)


class FaultyReadings:
    """Fails with ``error``; its stream yields the readings of ``after`` before."""

    def __init__(self, error: BaseException, after: Sequence[Observation] = ()) -> None:
        self._error = error
        self._after = after

    async def page(
        self, device: DevEui, asked: ReadingFilter, *, size: int, after: tuple[int, str, str] | None = None
    ) -> Sequence[StoredReading]:
        raise self._error

    async def stream(self, devices: Sequence[DevEui], asked: ReadingFilter) -> AsyncIterator[Sequence[StoredReading]]:
        async for chunk in _stored(self._after, devices, asked):
            yield chunk
        raise self._error


_TURNS = 50
"""Of the event loop, for letting go of what a real store would hold."""


class SlowReadings:
    """Never answers, and takes a while to let go; its stream yields the readings of ``after`` before."""

    def __init__(self, after: Sequence[Observation] = ()) -> None:
        self._after = after
        self.asked = asyncio.Event()
        self.left = asyncio.Event()

    async def page(
        self, device: DevEui, asked: ReadingFilter, *, size: int, after: tuple[int, str, str] | None = None
    ) -> Sequence[StoredReading]:
        self.asked.set()
        try:
            await asyncio.Event().wait()
        finally:
            try:
                for _ in range(_TURNS):
                    await asyncio.sleep(0)
            finally:  # the client's end and our own limit may both come while it lets go
                self.left.set()
        return ()

    async def stream(self, devices: Sequence[DevEui], asked: ReadingFilter) -> AsyncIterator[Sequence[StoredReading]]:
        async for chunk in _stored(self._after, devices, asked):
            yield chunk
        yield await self.page(devices[0], asked, size=1)


class SteadyReadings:
    """Streams ``parts`` of one reading each, with a pause before each."""

    def __init__(self, parts: int, pause_s: float) -> None:
        self._parts = parts
        self._pause_s = pause_s

    async def page(
        self, device: DevEui, asked: ReadingFilter, *, size: int, after: tuple[int, str, str] | None = None
    ) -> Sequence[StoredReading]:
        return ()

    async def stream(self, devices: Sequence[DevEui], asked: ReadingFilter) -> AsyncIterator[Sequence[StoredReading]]:
        for number in range(self._parts):
            await asyncio.sleep(self._pause_s)
            async for chunk in _stored([an_observation(event_ns=NOON_NS + number)], devices, asked):
                yield chunk


class EndlessReadings:
    """Streams the same chunk for ever, without a pause."""

    def __init__(self) -> None:
        self.left = asyncio.Event()

    async def page(
        self, device: DevEui, asked: ReadingFilter, *, size: int, after: tuple[int, str, str] | None = None
    ) -> Sequence[StoredReading]:
        return ()

    async def stream(self, devices: Sequence[DevEui], asked: ReadingFilter) -> AsyncIterator[Sequence[StoredReading]]:
        store = MemoryObservationStore()
        await store.write([an_observation(dev_eui=DEV, event_ns=NOON_NS + number) for number in range(1_000)])
        [chunk] = [chunk async for chunk in MemoryReadingQuery(store).stream([DEV], EVER)]
        try:
            while True:
                yield chunk
        finally:
            self.left.set()


async def _stored(
    observations: Sequence[Observation], devices: Sequence[DevEui], asked: ReadingFilter
) -> AsyncIterator[Sequence[StoredReading]]:
    store = MemoryObservationStore()
    await store.write(observations)
    async for chunk in MemoryReadingQuery(store).stream(devices, asked):
        yield chunk
