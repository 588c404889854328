"""A city in memory: what devices said, what the administration says, and a clock that a test moves."""

from collections.abc import Sequence

from adapters.memory.device_states import MemoryDeviceStates
from adapters.memory.master_data import MemoryMasterData
from adapters.memory.observation_store import MemoryObservationStore
from adapters.memory.reading_query import MemoryReadingQuery
from application.ports.master_data import MasterRecord
from domain.device import DeviceState, LatestValue
from domain.identifiers import DevEui
from domain.observation import Observation, Reading
from tests.support.builders import DEV, NOON_NS
from tests.support.clock import FakeClock

MINUTE = 60_000_000_000


def at(minutes: float) -> int:
    """Return so many minutes after noon, in ns."""
    return NOON_NS + int(minutes * MINUTE)


class City:
    """Stores in memory, at noon."""

    def __init__(self) -> None:
        self.store = MemoryObservationStore()
        self.readings = MemoryReadingQuery(self.store)
        self.states = MemoryDeviceStates()
        self.records = MemoryMasterData()
        self.clock = FakeClock(NOON_NS // 1_000)
        self._written_us = 0

    async def knows(self, *records: MasterRecord) -> None:
        """Register ``records``."""
        await self.records.put(records)

    async def hears(
        self,
        minutes: float,
        *readings: Reading,
        f_cnt: int = 0,
        dev_eui: str = DEV,
        device_type: str = "nwave_nps310sm",
        decoder: str = "nwave_nps310sm@1",
        source: str = "swu",
    ) -> None:
        """Store what a device said some minutes after noon."""
        said = Observation(
            DevEui(dev_eui), at(minutes), at(minutes) // 1_000, readings, "network", 2_000,
            device_type, decoder, source, f_cnt,
        )  # fmt: skip
        await self.store.write([said])

    async def is_at(self, minutes: float, dev_eui: str = DEV, latest: Sequence[tuple[float, Reading]] = ()) -> None:
        """Set the state of a device: when it was heard last, and what it said last."""
        values = tuple(
            LatestValue(each.measurand, each.channel, at(when), each.value, each.exponent, each.quality)
            for when, each in latest
        )
        self._written_us += 1  # the last word of a test counts
        state = DeviceState(DevEui(dev_eui), self._written_us, "", "", "", at(minutes), (), values)
        await self.states.write([state])

    def now(self, minutes: float) -> None:
        """Set the clock."""
        self.clock = FakeClock(at(minutes) // 1_000)
