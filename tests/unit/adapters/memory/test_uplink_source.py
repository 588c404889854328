"""The uplink source in memory keeps the contract."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from adapters.memory.uplink_source import MemoryUplinkSource
from application.ports.uplink_source import UplinkSource
from tests.contract.uplink_source import RepeatingOrigin, RepeatingSourceContract
from tests.support.builders import a_raw_uplink


class MemoryOrigin:
    """The list is the origin; closing the source is losing its connection."""

    def __init__(self) -> None:
        self._source = MemoryUplinkSource()
        self._offered = 0

    @asynccontextmanager
    async def source(self) -> AsyncIterator[UplinkSource]:
        yield self._source
        self._source.lose_connection()

    async def offer(self, count: int) -> list[bytes]:
        bodies = [str(self._offered + number).encode() for number in range(count)]
        self._offered += count
        self._source.put([a_raw_uplink(body) for body in bodies])
        return bodies

    async def end(self, source: UplinkSource) -> None:
        self._source.stop()

    async def drop_connection(self) -> None:
        self._source.lose_connection()

    async def forget(self) -> None:
        self._source.lose_connection()
        forgotten = await self._source.receive()
        assert forgotten is not None
        await self._source.acknowledge(forgotten)


class TestMemoryUplinkSource(RepeatingSourceContract):
    @pytest.fixture
    def origin(self) -> RepeatingOrigin:
        return MemoryOrigin()
