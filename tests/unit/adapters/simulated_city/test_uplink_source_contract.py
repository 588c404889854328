"""The city keeps the contract of sources; it forgets what it said, so nothing comes again."""

from contextlib import AbstractAsyncContextManager

import pytest

from adapters.simulated_city import SimulatedCity, SimulatedCityUplinkSource
from application.ports.uplink_source import UplinkSource
from tests.contract.uplink_source import UplinkSourceContract
from tests.support.clock import FakeClock
from tests.unit.adapters.simulated_city.cities import calm


class Town:
    """A paced city whose clock a test moves, and its twin, which knows what it will say."""

    def __init__(self) -> None:
        settings = calm(devices=1, fleets=("parking",), rate=100.0, uplinks=400)
        self._clock = FakeClock()
        self._source = SimulatedCityUplinkSource(settings, self._clock)
        self._twin = SimulatedCity(settings, FakeClock())

    def source(self) -> AbstractAsyncContextManager[UplinkSource]:
        return self._source

    async def offer(self, count: int) -> list[bytes]:
        before = self._twin.sent
        bodies = [next(self._twin.messages())[1] for _ in range(count)]
        self._clock.advance((self._twin.sent - before) / 100)
        return bodies

    async def end(self, source: UplinkSource) -> None:
        self._clock.advance(4)


class TestSimulatedCityUplinkSource(UplinkSourceContract):
    @pytest.fixture
    def origin(self) -> Town:
        return Town()
