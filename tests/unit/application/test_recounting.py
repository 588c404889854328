"""Recount: a device is counted from the raw log, and agrees with it again."""

import msgspec
import pytest

from adapters.memory.checkpoint import MemoryCheckpoint
from adapters.memory.dead_letters import MemoryDeadLetters
from adapters.memory.device_registry import MemoryDeviceRegistry
from adapters.memory.device_states import MemoryDeviceStates
from adapters.memory.loss_days import MemoryLossDays
from adapters.memory.observation_store import MemoryObservationStore
from adapters.memory.uplink_log import MemoryUplinkLog
from application.ports.uplink_log import RawUplink
from application.processing.batch import Batch
from application.processing.own_messages import NETWORK_SERVER, OwnMessages, raw_of
from application.recounting import Recounting
from domain.device import DeviceMemory
from domain.identifiers import DevEui
from domain.radio import FrameAccount, Message, Recounted, Unreadable, Uplink, replaced
from tests.support.builders import DEV, NOON_NS, an_uplink
from tests.support.clock import FakeClock
from tests.unit.application.stepping import STEP
from tests.unit.domain.radio.accounts import after

ODD = an_uplink(7, seconds=250, payload=b"\x00")
"""A frame of before a reset that nobody saw; it comes when ten later ones were heard."""
TOLD = [*(an_uplink(n) for n in range(10)), ODD]


class Reader:
    """Reads what a test wrote: the uplink, as it stands in a list."""

    def __init__(self, told: list[Uplink]) -> None:
        self._told = told
        self._own = OwnMessages()

    def dev_eui(self, raw: RawUplink) -> DevEui | None:
        return self._own.dev_eui(raw) if raw.network_server == NETWORK_SERVER else self._told[int(raw.body)].dev_eui

    def read(self, raw: RawUplink) -> Message:
        return self._own.read(raw) if raw.network_server == NETWORK_SERVER else self._told[int(raw.body)]


class City:
    """A log, and what processing makes of it."""

    def __init__(self, told: list[Uplink]) -> None:
        self.reader = Reader(told)
        self.log = MemoryUplinkLog()
        self.clock = FakeClock(now_us=NOON_NS // 1_000 + 86_400_000_000)
        self.recounting = Recounting(self.log, self.reader, STEP, self.clock)
        self.losses = MemoryLossDays()
        self.checkpoint = MemoryCheckpoint(
            MemoryObservationStore(),
            MemoryDeviceStates(),
            MemoryDeviceRegistry(),
            MemoryDeadLetters(),
            losses=self.losses,
        )
        self._told = told

    async def hears(self, *numbers: int) -> None:
        """Append the messages with these numbers."""
        await self.log.append(
            [
                RawUplink("swu", "tts", "v3/a/devices/d/up", b"%d" % n, self._told[n].network_ns // 1_000)
                for n in numbers
            ]
        )

    async def processed(self) -> DeviceMemory:
        """Process what is new in the log; return the memory of the device."""
        restored = await self.checkpoint.restore(0)
        async for logged in self.log.replay(0, self.clock.now_us() + 2):
            fresh = [index for index, offset in enumerate(logged.offsets) if offset >= restored.offset]
            raws = [logged.uplinks[index] for index in fresh]
            batch = Batch(0, [logged.offsets[index] for index in fresh], raws, [self.reader.read(raw) for raw in raws])
            outcome = STEP.process(batch, restored.memory)
            self.checkpoint.take(0, outcome)
            await self.checkpoint.commit(0, logged.next_offset)
        return restored.memory[DEV]


async def test_a_device_agrees_with_its_raw_log_again() -> None:
    city = City(TOLD)
    await city.hears(*range(11))
    assert (await city.processed()).accounts["swu"].doubts == 1
    await city.recounting.tell(await city.recounting.recount([DevEui(DEV)]))
    account = (await city.processed()).accounts["swu"]
    assert (account.doubts, account.counts.received, account.counts.breaks) == (0, 11, 1)
    (row,) = await city.losses.of_device(DevEui(DEV), 20_454, 20_454)
    assert (row.received, row.is_doubtful) == (11, False)


async def test_what_was_heard_in_the_meantime_is_not_lost() -> None:
    city = City([*TOLD, an_uplink(10)])
    await city.hears(*range(11))
    recounts = await city.recounting.recount([DevEui(DEV)])
    await city.hears(11)
    await city.recounting.tell(recounts)
    account = (await city.processed()).accounts["swu"]
    assert (account.counts.received, account.doubts) == (11, 1)


async def test_a_recount_may_be_made_again() -> None:
    city = City(TOLD)
    await city.hears(*range(11))
    for _ in range(2):
        await city.recounting.tell(await city.recounting.recount([DevEui(DEV)]))
        assert (await city.processed()).accounts["swu"].counts.received == 11


async def test_what_the_log_knows_nothing_of_is_left_out() -> None:
    city = City(TOLD)
    await city.hears(0)
    assert await city.recounting.recount([DevEui("00000000000000aa")]) == []


def test_days_before_the_raw_log_begins_stay_as_they_were() -> None:
    day = 86_400.0
    known = after(*(an_uplink(n, seconds=day * n) for n in range(5)), an_uplink(8, seconds=5 * day))
    anew = replaced(known, after(*(an_uplink(n, seconds=day * n) for n in range(3, 5)), an_uplink(8, seconds=5 * day)))
    assert anew.by_day() == known.by_day()
    assert anew.counts == known.counts


def test_in_which_order_frames_came_is_not_forgotten() -> None:
    known = after(an_uplink(0), an_uplink(5), an_uplink(3), an_uplink(3))
    anew = replaced(known, after(an_uplink(0), an_uplink(3), an_uplink(5)))
    assert anew.counts == known.counts


def test_a_log_without_frames_changes_nothing() -> None:
    known = after(an_uplink(0))
    assert replaced(known, FrameAccount()) is known


@pytest.mark.parametrize("body", [b"", b"\x00", b"\x01\xc1"])
def test_a_message_of_ours_that_cannot_be_read_is_told(body: bytes) -> None:
    raw = raw_of(Recounted(DevEui(DEV), 0, {}), 1)
    read = OwnMessages().read(msgspec.structs.replace(raw, body=body))
    assert isinstance(read, Unreadable)
    assert OwnMessages().dev_eui(raw) == DEV
    assert OwnMessages().dev_eui(msgspec.structs.replace(raw, topic="something")) is None
