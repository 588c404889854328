"""The desk: letters are processed again after a fix, or laid aside, and each has a receipt."""

from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Mapping, Sequence

import pytest
from msgspec.structs import replace

from adapters.memory.dead_letters import MemoryDeadLetters
from adapters.memory.device_memories import MemoryDeviceMemories
from adapters.memory.observation_store import MemoryObservationStore
from adapters.memory.reading_history import MemoryReadingHistory
from adapters.memory.reading_query import MemoryReadingQuery
from adapters.memory.uplink_log import MemoryUplinkLog
from application.errors import Unavailable
from application.known_at import VersionedReadings
from application.letter_groups import grouped
from application.letter_replay import Chosen, Decoding, Kept, LetterReplay, Receipt, Stored
from application.ports.dead_letters import DeadLetter
from application.ports.observation_store import ObservationStore
from application.ports.reading_query import ReadingFilter
from application.ports.uplink_log import LoggedUplinks, RawUplink
from application.processing.batch import read_batch
from application.processing.known_devices import KnownDevices
from application.processing.step import Step
from application.recounting import Recounting
from domain.decoding import (
    DECODERS,
    Choice,
    Codec,
    Context,
    Decoded,
    Decoders,
    Fragment,
    Payload,
    Snapshot,
    Undecodable,
)
from domain.device import DeviceEntry, DeviceMemory, DeviceTypeRule, DeviceTypes
from domain.identifiers import DevEui
from domain.observation import Observation, Reading, Value
from domain.radio import Message, Unreadable
from tests.support.builders import DEV, NOON_NS, a_dead_letter, an_uplink
from tests.support.clock import FakeClock
from tests.support.keys import WITH_KEYS

TYPES = DeviceTypes({}, (DeviceTypeRule("meter", device_id="meter-*"),))
ALL = Chosen()
EVER = ReadingFilter(-(2**62), 2**62)
Decode = Callable[[Payload, Context], Decoded]


def the_byte(payload: Payload, context: Context) -> Decoded:
    """Read the register in the first byte."""
    return Decoded((Snapshot((Reading("meter.pulse_count", "", payload.data[0]),)),), context=context)


def refusing(payload: Payload, context: Context) -> Decoded:
    """Read nothing."""
    raise Undecodable("byte_unknown", payload.data.hex())


def nothing(payload: Payload, context: Context) -> Decoded:
    """Find that it is no reading."""
    return Decoded(context=context)


def a_piece(payload: Payload, context: Context) -> Decoded:
    """Wait for the rest of a payload."""
    return Decoded(context=Context((*context.fragments, Fragment("1", 0, 2, payload.network_ns, payload.data))))


def times_the_factor(payload: Payload, context: Context) -> Decoded:
    """Multiply by what the device once told."""
    value = int(context.settings["factor"]) * payload.data[0]
    return Decoded((Snapshot((Reading("meter.pulse_count", "", value),)),), context=context)


class Spelled:
    """Reads ``f_cnt byte`` in place of an envelope of TTS."""

    def dev_eui(self, raw: RawUplink) -> DevEui | None:
        del raw
        return DEV

    def read(self, raw: RawUplink) -> Message:
        f_cnt, _, payload = raw.body.decode().partition(" ")
        if raw.network_server != "tts" or not payload:
            return Unreadable("envelope_unreadable", "spelled otherwise", DEV)
        data = bytes.fromhex(payload)
        return an_uplink(int(f_cnt), payload=data, device_id="meter-1", f_port=50 if len(data) > 1 else 1)


def decoders(decode: Decode, version: int = 2) -> Decoders:
    return Decoders({"meter": [Choice(Codec("test_meter", version, decode))]})


class Desk:
    """A platform in memory whose processing has refused all it got."""

    def __init__(self, store: ObservationStore | None = None) -> None:
        self.letters = MemoryDeadLetters()
        self.log = MemoryUplinkLog()
        self.memory: dict[str, DeviceMemory] = {}
        self.observations = MemoryObservationStore()
        self.store = store or self.observations
        self.history = MemoryReadingHistory()
        self.readings = VersionedReadings(MemoryReadingQuery(self.observations), self.history)
        self.clock = FakeClock(NOON_NS // 1_000 + 10**12)
        self._offset = 0

    async def process(self, *payloads: str, step: Step | None = None) -> Sequence[DeadLetter]:
        """Log and process messages; return what became dead letters."""
        step = step or Step(TYPES, decoders(refusing, 1))
        before = self._offset
        self._offset += len(payloads)
        raws = [
            RawUplink("swu", "tts", "t", f"{f_cnt} {payload}".encode(), NOON_NS // 1_000 + 900_000_000 * f_cnt)
            for f_cnt, payload in enumerate(payloads, before)
        ]
        await self.log.append(raws)
        batch = read_batch(LoggedUplinks(0, range(before, self._offset), raws), Spelled())
        outcome = step.process(batch, self.memory)
        self.memory.update(outcome.memory)
        await self.observations.write(outcome.observations)
        await self.letters.add(outcome.dead_letters)
        return outcome.dead_letters

    def replay_with(self, step: Step) -> LetterReplay:
        kept = Kept(self.letters, self.log, MemoryDeviceMemories(self.memory))
        return LetterReplay(
            kept, Decoding(Spelled(), step), Stored(self.readings, self.store, self.history), self.clock
        )

    async def replay(
        self,
        decode: Decode = the_byte,
        chosen: Chosen = ALL,
        *,
        dry_run: bool = False,
    ) -> list[Receipt]:
        """Process letters again with another codec."""
        replay = self.replay_with(Step(TYPES, decoders(decode)))
        return [each async for each in replay.replay(chosen, dry_run=dry_run)]

    async def values(self, known_at_us: int | None = None) -> list[Value]:
        asked = ReadingFilter(EVER.since_ns, EVER.until_ns, known_at_us=known_at_us)
        return [each.reading.value async for chunk in self.readings.stream([DEV], asked) for each in chunk]

    async def waiting(self) -> int:
        return len([each async for each in self.letters.waiting()])


def verdicts(receipts: Sequence[Receipt]) -> list[tuple[str, str, int]]:
    return [(each.verdict, each.reason, each.readings) for each in receipts]


async def test_after_a_fix_letters_are_read_and_leave_the_list() -> None:
    desk = Desk()
    await desk.process("07", "08")
    assert verdicts(await desk.replay()) == [("resolved", "", 1)] * 2
    assert (await desk.values(), await desk.waiting()) == ([7, 8], 0)


async def test_what_became_of_a_letter_is_kept_with_it() -> None:
    desk = Desk()
    (letter,) = await desk.process("07")
    await desk.replay()
    kept = await desk.letters.get(letter.letter_id)
    assert kept.settled is not None
    assert (kept.settled.verdict, kept.settled.detail, kept.settled.readings) == ("resolved", "read by test_meter@2", 1)
    assert (kept.settled.settled_us, kept.body) == (desk.clock.now_us(), b"")


async def test_without_a_fix_they_wait_on_and_the_reason_is_told() -> None:
    desk = Desk()
    await desk.process("07")
    assert verdicts(await desk.replay(refusing)) == [("refused", "byte_unknown", 0)]
    assert (await desk.values(), await desk.waiting()) == ([], 1)


async def test_a_dry_run_says_the_same_and_changes_nothing() -> None:
    desk = Desk()
    await desk.process("07")
    assert verdicts(await desk.replay(dry_run=True)) == [("resolved", "", 1)]
    assert (await desk.values(), await desk.waiting()) == ([], 1)


async def test_only_letters_that_are_meant_are_processed() -> None:
    desk = Desk()
    first, _, _ = await desk.process("07", "08", "09")
    assert len(await desk.replay(chosen=Chosen(reason="something_else"))) == 0
    assert len(await desk.replay(chosen=Chosen(device_type="lamp"))) == 0
    assert len(await desk.replay(chosen=Chosen(frozenset([first.letter_id]), "byte_unknown", "meter"))) == 1
    assert await desk.values() == [7]


async def test_only_a_recount_counts_a_frame_anew_that_can_be_read_by_now() -> None:
    desk = Desk()
    await desk.process("07")
    await desk.replay()
    assert [account.today.undecodable for account in desk.memory[DEV].accounts.values()] == [1]
    recounting = Recounting(desk.log, Spelled(), Step(TYPES, decoders(the_byte)), desk.clock)
    (recounted,) = await recounting.recount([DEV])
    assert [account.today.undecodable for account in recounted.accounts.values()] == [0]


async def test_no_frame_is_accounted_a_second_time() -> None:
    desk = Desk()
    await desk.process("07")
    before = dict(desk.memory)
    await desk.replay()
    assert desk.memory == before


class KilledDesk(MemoryDeadLetters):
    """Dies before it keeps what became of letters."""

    async def settle(self, letters: Sequence[DeadLetter]) -> None:
        raise Unavailable("killed")


async def test_a_replay_that_was_killed_before_its_receipts_adds_nothing_the_second_time() -> None:
    desk = Desk()
    whole, desk.letters = desk.letters, KilledDesk()
    await desk.process("07")
    with pytest.raises(Unavailable):
        await desk.replay()
    desk.letters, letters = whole, desk.letters
    await desk.letters.add([each async for each in letters.waiting()])
    assert verdicts(await desk.replay()) == [("resolved", "", 0)]
    assert await desk.values() == [7]


async def test_what_was_not_known_before_the_replay_is_not_told_of_the_time_before() -> None:
    desk = Desk()
    await desk.process("07")
    before_us = desk.clock.now_us() - 1
    await desk.replay()
    assert await desk.values(before_us) == []
    assert await desk.values(desk.clock.now_us()) == [7]


async def test_what_a_later_frame_said_of_the_same_instant_stays() -> None:
    desk = Desk()
    await desk.process("07")
    later = Observation(
        DEV, NOON_NS, NOON_NS // 1_000 + 5_000_000_000, (Reading("meter.pulse_count", "", 9),), source="swu", f_cnt=5
    )
    await desk.observations.write([later])
    assert verdicts(await desk.replay()) == [("resolved", "", 0)]
    assert await desk.values() == [9]


async def test_what_the_device_once_told_of_its_settings_is_known() -> None:
    desk = Desk()
    await desk.process("07")
    desk.memory[DEV] = replace(desk.memory[DEV], context=Context(settings={"factor": "10"}))
    await desk.replay(times_the_factor)
    assert await desk.values() == [70]


async def test_a_letter_of_a_device_that_is_forgotten_is_read_all_the_same() -> None:
    desk = Desk()
    await desk.process("07")
    desk.memory.clear()
    assert verdicts(await desk.replay()) == [("resolved", "", 1)]


async def test_a_letter_in_which_no_reading_is_leaves_the_list() -> None:
    desk = Desk()
    await desk.process("07")
    assert verdicts(await desk.replay(nothing)) == [("resolved", "", 0)]
    assert await desk.waiting() == 0


async def test_a_piece_of_a_payload_waits_for_a_redecode() -> None:
    desk = Desk()
    await desk.process("07")
    assert verdicts(await desk.replay(a_piece)) == [("refused", "fragments_incomplete", 0)]


NO_MESSAGES: Mapping[str, DeadLetter] = {
    "no_message": replace(a_dead_letter("a"), stage="sink"),
    "fragments_incomplete": a_dead_letter("c", "fragments_incomplete"),
    "log_forgot": replace(a_dead_letter("d"), body=b""),
    "envelope_unreadable": a_dead_letter("e"),
}


@pytest.mark.parametrize("reason", NO_MESSAGES)
async def test_what_holds_no_message_to_process_is_refused(reason: str) -> None:
    desk = Desk()
    await desk.letters.add([NO_MESSAGES[reason]])
    assert verdicts(await desk.replay()) == [("refused", reason, 0)]


async def test_what_two_letters_say_of_one_instant_the_later_has_said() -> None:
    desk = Desk()
    await desk.process(*[f"{number:02x}" for number in range(3)])

    def of_noon(payload: Payload, context: Context) -> Decoded:
        count = Reading("meter.pulse_count", "", payload.data[0])
        return Decoded((Snapshot((count,), NOON_NS),), context=context)

    await desk.replay(of_noon)
    assert await desk.values() == [2]


async def test_no_more_letters_are_held_than_a_part_has() -> None:
    class Counting(MemoryDeadLetters):
        given = settled_after = 0

        async def chosen(self, takes: Callable[[DeadLetter], bool]) -> AsyncIterator[DeadLetter]:
            async for letter in super().chosen(takes):
                self.given += 1
                yield letter

        async def settle(self, letters: Sequence[DeadLetter]) -> None:
            self.settled_after = self.settled_after or self.given
            await super().settle(letters)

    desk = Desk()
    desk.letters = letters = Counting()
    body = b"x" * 1_048_576  # 32 of them are as many as are held
    await letters.add([replace(a_dead_letter(f"{number}"), body=body) for number in range(40)])
    replay = desk.replay_with(Step(TYPES, decoders(refusing)))
    assert len([each async for each in replay.discard(ALL, "a flood")]) == 40
    assert letters.settled_after == 32


async def test_another_message_at_the_place_of_a_withheld_one_is_not_taken_for_it() -> None:
    desk = Desk()
    await desk.process("07")
    withheld = replace(a_dead_letter("d"), body=b"", origin="uplinks/0@0", received_us=NOON_NS // 1_000 - 1)
    await desk.letters.settle([each async for each in desk.letters.waiting()])
    desk.letters = MemoryDeadLetters()
    await desk.letters.add([withheld])
    assert verdicts(await desk.replay()) == [("refused", "log_forgot", 0)]


async def test_a_withheld_message_is_read_out_of_the_raw_log_and_shown_nowhere() -> None:
    lamp = DeviceEntry(DEV, 1, device_type="nas_ul20xx", firmware="1.0.22")
    stranger = Step(DeviceTypes({}), DECODERS, KnownDevices())
    desk = Desk()
    (letter,) = await desk.process(WITH_KEYS.hex(), step=stranger)
    assert (letter.body, letter.payload) == (b"", b"")
    replay = desk.replay_with(Step(DeviceTypes({}), DECODERS, KnownDevices([lamp])))
    (receipt,) = [each async for each in replay.replay(Chosen())]
    assert receipt.verdict == "resolved"
    shown = repr(receipt) + repr(await desk.letters.settled())
    assert WITH_KEYS.hex() not in shown
    assert b64encode(WITH_KEYS).decode() not in shown


async def test_a_discarded_letter_leaves_the_list_and_says_why() -> None:
    desk = Desk()
    first, _ = await desk.process("07", "08")
    replay = desk.replay_with(Step(TYPES, decoders(refusing)))
    only = Chosen(frozenset([first.letter_id]))
    receipts = [each async for each in replay.discard(only, "test device of the vendor")]
    (kept,) = await desk.letters.settled()
    assert verdicts(receipts) == [("discarded", "", 0)]
    assert kept.settled is not None
    assert (kept.settled.verdict, kept.settled.detail) == ("discarded", "test device of the vendor")
    assert await desk.waiting() == 1


async def test_letters_are_counted_by_cause_and_by_type() -> None:
    letters = MemoryDeadLetters()
    await letters.add(
        [
            replace(a_dead_letter("a", "short", 5), dev_eui="1", device_type="meter"),
            replace(a_dead_letter("b", "short", 3), dev_eui="1", device_type="meter"),
            replace(a_dead_letter("c", "unknown", 4), dev_eui="2"),
        ]
    )
    short, unknown = await grouped(letters.waiting(), "cause")
    assert (short.name, short.letters, short.devices, short.first_us, short.last_us, short.sample) == (
        "short",
        2,
        1,
        3,
        5,
        "a",
    )
    assert unknown.name == "unknown"
    assert [(each.name, each.letters) for each in await grouped(letters.waiting(), "type")] == [("meter", 2), ("", 1)]
