"""Processing: read, step, commit, go on; a kill anywhere changes nothing."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from msgspec.structs import replace

from adapters.memory.checkpoint import MemoryCheckpoint
from adapters.memory.dead_letters import MemoryDeadLetters
from adapters.memory.device_registry import MemoryDeviceRegistry
from adapters.memory.device_states import MemoryDeviceStates
from adapters.memory.observation_store import MemoryObservationStore
from adapters.memory.uplink_log import MemoryUplinkLog
from application.errors import Fenced
from application.ports.uplink_log import LoggedUplinks, RawUplink
from application.processing.processing import Processing
from domain.identifiers import DevEui
from domain.radio import Message, Unreadable, Uplink
from tests.support.builders import DEV, a_raw_uplink, an_uplink
from tests.support.clock import FakeClock
from tests.support.eventually import until
from tests.unit.application.stepping import STEP


class ScriptedReader:
    """Reads a body as the name of a message it was given."""

    def __init__(self, **messages: Message) -> None:
        self._messages = messages

    def dev_eui(self, raw: RawUplink) -> DevEui | None:
        message = self.read(raw)
        return message.dev_eui if isinstance(message, Uplink) else None

    def read(self, raw: RawUplink) -> Message:
        return self._messages.get(raw.body.decode(), Unreadable("unheard_of", "no such message"))


class CutLog(MemoryUplinkLog):
    """Gives what becomes durable together message by message."""

    async def read(self, partition: int, offset: int) -> AsyncIterator[LoggedUplinks]:
        async for logged in super().read(partition, offset):
            last = logged.offsets[-1]
            for part in logged.parts(1):
                yield replace(part, more=part.offsets[-1] < last)


class Killed(BaseException):
    """The process dies here."""


class City:
    """A log and stores that outlive the processes that work on them."""

    def __init__(self) -> None:
        self.log = MemoryUplinkLog()
        self.observations = MemoryObservationStore()
        self.states = MemoryDeviceStates()
        self.dead_letters = MemoryDeadLetters()
        self._points = 0
        self._kill_at = -1
        self.checkpoint = MemoryCheckpoint(
            self.observations, self.states, MemoryDeviceRegistry(), self.dead_letters, self._pass
        )
        self.reader = ScriptedReader(**{f"u{n}": an_uplink(n) for n in range(4)}, again=an_uplink(1, seconds=905))

    def _pass(self, _: str) -> None:
        self._points += 1
        if self._points == self._kill_at:
            raise Killed

    async def hear(self, *names: str) -> None:
        """Put messages into the log."""
        await self.log.append([a_raw_uplink(name.encode()) for name in names])

    async def process(self, finished: Callable[[Processing], bool], *, kill_at: int = -1) -> Processing:
        """Run a process until ``finished`` says so, or until it dies at the crash point of that number."""
        self._points, self._kill_at = 0, kill_at
        processing = Processing(self.log, self.reader, STEP, self.checkpoint, FakeClock())
        self.log.assign()
        working = asyncio.create_task(processing.work(0))
        await until(lambda: working.done() or finished(processing))
        self.log.release()
        await working
        return processing

    async def outcome(self) -> tuple[object, ...]:
        """Return all that a reader of the stores can see."""
        return self.observations.readings(DEV), await self.states.get(DEV), await self.dead_letters.list()


def done(messages: int) -> Callable[[Processing], bool]:
    """Say when so many messages have been accounted for."""
    return lambda processing: processing.counts.came_in >= messages


async def test_messages_come_out_as_readings_states_and_dead_letters() -> None:
    city = City()
    await city.hear("u0", "u1", "again", "broken")
    processing = await city.process(done(4))
    readings, state, letters = await city.outcome()
    assert [uplink.f_cnt for uplink in readings.values()] == [0, 1]  # type: ignore[attr-defined]  # the store's rows
    assert (processing.counts.out, processing.counts.duplicate, processing.counts.dead) == (2, 1, 1)
    assert processing.frames().received == 0  # the partition is given back
    assert state is not None
    assert letters


async def test_a_restart_goes_on_where_it_stopped() -> None:
    city = City()
    await city.hear("u0", "u1")
    await city.process(done(2))
    await city.hear("u2")
    second = await city.process(done(1))
    assert second.counts.came_in == 1
    assert (await city.states.get(DEV)).frames[0].received == 3


@pytest.mark.parametrize("log", [MemoryUplinkLog, CutLog])
async def test_a_batch_is_committed_once_whether_the_log_gives_it_whole_or_in_parts(log: type[MemoryUplinkLog]) -> None:
    commits: list[int] = []

    class Noted(MemoryCheckpoint):
        async def commit(self, partition: int, next_offset: int) -> None:
            commits.append(next_offset)
            await super().commit(partition, next_offset)

    city = City()
    city.log = log()
    city.checkpoint = Noted(city.observations, city.states, MemoryDeviceRegistry(), city.dead_letters)
    await city.hear("u0", "u1", "broken", "u2")
    processing = await city.process(done(4))
    assert commits == [4]
    assert (processing.counts.out, processing.counts.dead) == (3, 1)
    assert (await city.states.get(DEV)).frames[0].received == 3


async def test_a_latency_is_never_negative() -> None:
    city = City()
    later_us = FakeClock().now_us() + 1_000_000
    await city.log.append([RawUplink("swu", "tts", "v3/device/up", b"u0", later_us)])
    processing = await city.process(done(1))
    assert list(processing.counts.latencies_us) == [0]


async def test_a_partition_that_was_lost_is_forgotten() -> None:
    class Lost(MemoryCheckpoint):
        async def commit(self, partition: int, next_offset: int) -> None:
            if next_offset == 2:
                raise Fenced("another instance owns it")
            await super().commit(partition, next_offset)

    city = City()
    lost = Lost(city.observations, city.states, MemoryDeviceRegistry(), city.dead_letters)
    processing = Processing(city.log, city.reader, STEP, lost, FakeClock())
    await city.hear("u0")
    working = asyncio.create_task(processing.work(0))
    await until(lambda: processing.frames().received == 1)
    await city.hear("u1")
    with pytest.raises(Fenced):
        await working
    assert processing.frames().devices == 0


@pytest.mark.parametrize("point", [1, 2, 3, 4, 5, 6])
async def test_a_kill_at_any_point_of_a_commit_changes_nothing_that_can_be_seen(point: int) -> None:
    unharmed = City()
    await unharmed.hear("u0", "u1")
    await unharmed.process(done(2))
    await unharmed.hear("again", "u3", "u3", "broken")
    await unharmed.process(done(4))

    killed = City()
    await killed.hear("u0", "u1")
    if point <= 3:
        with pytest.raises(Killed):
            await killed.process(done(2), kill_at=point)
    await killed.process(lambda _: killed.checkpoint._offsets.get(0) == 2)
    await killed.hear("again", "u3", "u3", "broken")
    if point > 3:
        with pytest.raises(Killed):
            await killed.process(done(4), kill_at=point - 3)
    await killed.process(lambda _: killed.checkpoint._offsets.get(0) == 6)

    assert await killed.outcome() == await unharmed.outcome()
