"""A city with metering points: master data and readings in memory, and the use cases over them."""

from collections.abc import Mapping

from adapters.memory.device_registry import MemoryDeviceRegistry
from adapters.memory.device_states import MemoryDeviceStates
from adapters.memory.master_data import MemoryMasterData
from adapters.memory.observation_store import MemoryObservationStore
from adapters.memory.reading_query import MemoryReadingQuery
from application.consumption import Between, ConsumptionReport
from application.exchange_watch import ExchangeWatch
from application.point_history import PointHistories
from application.read_out import ReadOutReport
from application.read_rate import ReadRateReport
from application.register_choice import RegisterChoice
from domain.identifiers import DevEui
from domain.meter import (
    DeviceAtMeter,
    Grain,
    Medium,
    Meter,
    MeterAtPoint,
    MeterId,
    MeteringPoint,
    PointId,
    RegisterDefinition,
)
from domain.observation import Reading
from tests.support.builders import an_observation
from tests.support.clock import FakeClock
from tests.unit.domain.meter.points import BERLIN, CALIBRATED_NS, DAY, DEVICE, NOW, OLD, POINT, START, ns

CHOICE = RegisterChoice(DAY)


class Metering:
    """Everything in memory; now is New Year 2027."""

    def __init__(self) -> None:
        self.records = MemoryMasterData()
        self.store = MemoryObservationStore()
        self.devices = MemoryDeviceRegistry()
        self.states = MemoryDeviceStates()
        self.readings = MemoryReadingQuery(self.store)
        self.clock = FakeClock(NOW // 1_000)
        self.histories = PointHistories(self.records, self.readings, self.states)
        self.consumption = ConsumptionReport(self.histories, self.clock)
        self.read_outs = ReadOutReport(self.records, self.histories, self.clock)
        self.read_rates = ReadRateReport(self.records, self.histories, self.readings, self.devices, self.clock)
        self.exchanges = ExchangeWatch(self.records, self.histories, self.clock)

    async def meter(  # noqa: PLR0913  a builder names every fact a test may be about
        self,
        point: PointId = POINT,
        meter: MeterId = OLD,
        dev_eui: DevEui = DEVICE,
        *,
        medium: Medium = Medium.WATER,
        serials: tuple[str, ...] = (),
        zone: str = "Weststadt",
        device_input: str = "",
        interval_s: int = 0,
        since_ns: int = START,
    ) -> None:
        """Let a calibrated meter hang at a point since New Year 2026, read by a device."""
        await self.records.put(
            [
                MeteringPoint(point, 1, medium, zone),
                Meter(meter, 1, medium, serials, CALIBRATED_NS),
                MeterAtPoint(point, meter, since_ns, 1),
                DeviceAtMeter(meter, dev_eui, since_ns, 1, input=device_input, interval_s=interval_s),
            ]
        )

    async def define(self, **changed: object) -> None:
        """Define a pulse of the device's first input."""
        facts: dict[str, object] = {"measurand": "water.volume", "valid_from_ns": START, "written_us": 1, **changed}
        await self.records.put([RegisterDefinition(DEVICE, "pulse1", **facts)])  # type: ignore[arg-type]

    async def read(
        self, values: Mapping[str | int, int | str], measurand: str = "water.volume", channel: str = "", **to: DevEui
    ) -> None:
        """Store readings by their wall clock."""
        exponents = {"water.volume": -3, "electricity.energy.active.import": -4}
        await self.store.write(
            [
                an_observation(
                    Reading(measurand, channel, value, exponents.get(measurand, 0)),
                    dev_eui=to.get("dev_eui", DEVICE),
                    event_ns=when if isinstance(when, int) else ns(when),
                )
                for when, value in values.items()
            ]
        )


def days(since: str, until: str, grain: Grain | None = Grain.DAY) -> Between:
    """Return the time between two midnights in Berlin."""
    return Between(ns(f"{since} 00:00"), ns(f"{until} 00:00"), BERLIN, grain)
