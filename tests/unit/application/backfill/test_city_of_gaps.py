"""A whole city through ledger, gaps, store and back: messages get lost though the connection was there."""

from collections import Counter
from random import Random

import pytest

from adapters.memory.backfill_book import MemoryBackfillBook
from adapters.memory.device_registry import MemoryDeviceRegistry
from adapters.memory.loss_days import MemoryLossDays
from adapters.memory.uplink_log import MemoryUplinkLog
from adapters.simulated_city.city import SimulatedCity
from adapters.simulated_city.fleets import FLEETS
from adapters.simulated_city.settings import SimulatedCitySettings
from adapters.simulated_city.truth_in_memory import TruthInMemory
from adapters.ttn.envelope_reader import TtnEnvelopeReader
from adapters.ttn_storage.settings import StorageSettings
from adapters.ttn_storage.uplink_storage import TtnUplinkStorage
from application.backfill import Backfill, GapSearch, Means, Plan, RegistryNames
from application.ports.uplink_log import LoggedUplinks, RawUplink
from application.processing.batch import read_batch
from application.processing.step import Step
from domain.decoding.catalogue import DECODERS, MODELS
from domain.device import DeviceMemory, DeviceTypes
from domain.radio import LossDay, summed
from tests.support.clock import FakeClock
from tests.support.storage_server import StorageServer

START_US = 1_767_268_800_000_000
HOUR_US = 3_600_000_000
DAYS = 2
PLAN = Plan(
    source="swu",
    retention_us=DAYS * 24 * HOUR_US,
    gap_lookback_us=DAYS * 24 * HOUR_US,
    messages_per_s=1e9,
    requests_per_minute=10**9,
)


class Platform:
    """Log, step and stores of one source, in memory."""

    def __init__(self) -> None:
        self.log = MemoryUplinkLog()
        self.losses = MemoryLossDays()
        self.devices = MemoryDeviceRegistry()
        self.readings: Counter[tuple[str, str, str, int]] = Counter()
        self._reader = TtnEnvelopeReader()
        self._step = Step(DeviceTypes(MODELS), DECODERS)
        self._memory: dict[str, DeviceMemory] = {}
        self._offset = 0

    async def process(self) -> None:
        """Process what is new in the log."""
        batches = [batch async for batch in self.log.replay(0, 1 << 62)]
        raws = [raw for batch in batches for raw in batch.uplinks][self._offset :]
        logged = LoggedUplinks(0, range(self._offset, self._offset + len(raws)), raws)
        outcome = self._step.process(read_batch(logged, self._reader), self._memory)
        self._memory |= outcome.memory
        self._offset += len(raws)
        await self.losses.write(outcome.losses)
        await self.devices.register(outcome.devices)
        for each in outcome.observations:
            self.readings.update(
                (each.dev_eui, reading.measurand, reading.channel, each.event_ns) for reading in each.readings
            )

    async def ledger(self) -> LossDay:
        """Return the sum over all devices and days."""
        first = START_US // (24 * HOUR_US)
        days = range(first - 1, first + DAYS + 2)
        return summed([row for day in days for row in await self.losses.of_day(day, size=10_000)])


@pytest.mark.parametrize("share", [0.05, 0.5])
async def test_every_gap_that_is_not_the_radios_is_filled(share: float) -> None:
    truth, platform, clock = TruthInMemory(), Platform(), FakeClock(START_US)
    async with StorageServer("KEY") as server:
        messages = city_messages(truth, clock)
        server.nameless = {topic.split("/")[3] for topic, _ in messages[::7]}
        heard = heard_of(messages, Random(7), share)
        for topic, body in messages:
            server.keep(topic, body)
        clock.advance(DAYS * 24 * 3_600)
        await platform.log.append([RawUplink("swu", "tts", topic, body, START_US) for topic, body in heard])
        await platform.process()
        expected = (await platform.ledger()).expected
        settings = StorageSettings(
            url=server.url,
            key="KEY",
            source="swu",
            applications=tuple(f"{fleet.application_id}@ulm" for fleet in FLEETS.values()),
        )
        names = RegistryNames(platform.devices, clock, "swu")
        async with TtnUplinkStorage(settings, clock, names) as storage:
            gaps = GapSearch(platform.losses, PLAN)
            means = Means(storage, platform.log, MemoryBackfillBook(), names, gaps, clock)
            backfill = Backfill(PLAN, means)
            for _ in range(12):
                await backfill.round()
                await platform.process()
        ledger = await platform.ledger()
        devices = truth.devices.values()
        assert ledger.expected == ledger.received + ledger.radio + ledger.network + ledger.ingest == expected
        assert ledger.received == ledger.stored + ledger.empty + ledger.undecodable + ledger.failed
        assert (ledger.received, ledger.radio) == (
            sum(each.received for each in devices),
            sum(each.missing for each in devices),
        )
        assert (ledger.network, ledger.ingest, ledger.is_doubtful) == (0, 0, False)
        frames_heard = sum(topic.endswith("/up") for topic, _ in heard) - ledger.duplicate
        assert ledger.recovered >= ledger.received - frames_heard > 0
        assert platform.readings == Counter(
            (each.dev_eui, each.measurand, each.channel, each.event_ns) for each in truth.readings
        )
        assert server.requests
        assert all("/devices/" in path for path, _ in server.requests)


def city_messages(truth: TruthInMemory, clock: FakeClock) -> list[tuple[str, bytes]]:
    """Return two days of a city whose devices keep their sessions."""
    settings = SimulatedCitySettings(
        devices=30,
        fleets=("parking", "water"),
        rate=0.0,
        interval_s=1_800.0,
        uplinks=30 * DAYS * 46,
        start_ns=clock.now_us() * 1_000,
        poison=0.0,
        rejoins=0.0,
        repeated=0.0,  # of a frame heard twice the later copy may come first, and its reading is seconds off
    )
    with SimulatedCity(settings, clock, truth) as city:
        return list(city.messages())


def heard_of(messages: list[tuple[str, bytes]], chance: Random, share: float) -> list[tuple[str, bytes]]:
    """Return what reaches us: of a device's first and last frames, whose loss no counter tells, all."""
    by_device: dict[str, list[int]] = {}
    for number, (topic, _) in enumerate(messages):
        if topic.endswith("/up"):
            by_device.setdefault(topic, []).append(number)
    lost = {number for numbers in by_device.values() for number in numbers[8:-8] if chance.random() < share}
    assert lost
    return [message for number, message in enumerate(messages) if number not in lost]
