"""The desk: letters are processed again after a fix, or laid aside, and each has a receipt."""

from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Mapping, Sequence

import pytest
from msgspec.structs import replace

from adapters.memory.dead_letters import MemoryDeadLetters
from adapters.memory.observation_store import MemoryObservationStore
from application.errors import Unavailable
from application.letter_groups import grouped
from application.letter_replay import Chosen, Receipt
from application.ports.dead_letters import DeadLetter
from application.processing.known_devices import KnownDevices
from application.processing.step import Step
from application.recounting import Recounting
from domain.decoding import DECODERS, Context, Decoded, Payload, Snapshot
from domain.device import DeviceEntry, DeviceTypes
from domain.observation import Observation, Reading
from tests.support.builders import DEV, NOON_NS, a_dead_letter
from tests.support.keys import WITH_KEYS
from tests.unit.application.desk import (
    ALL,
    TYPES,
    Desk,
    Spelled,
    a_piece,
    decoders,
    nothing,
    refusing,
    the_byte,
    times_the_factor,
    verdicts,
)


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


async def test_what_was_replayed_before_the_store_failed_has_its_receipt() -> None:
    class Failing(MemoryObservationStore):
        left = 2

        async def write(self, observations: Sequence[Observation]) -> None:
            if not self.left:
                raise Unavailable("no node answers")
            self.left -= 1
            await super().write(observations)

    desk = Desk(Failing())
    await desk.process("07", "08", "09")
    told: list[Receipt] = []

    async def replayed() -> None:
        async for receipt in desk.replay_with(Step(TYPES, decoders(the_byte))).replay(ALL):
            told.append(receipt)  # noqa: PERF401  the comprehension would be lost with the failure

    with pytest.raises(Unavailable):
        await replayed()
    assert verdicts(told) == 2 * [("resolved", "", 1)]
    assert {each.letter_id for each in await desk.letters.settled()} == {each.letter.letter_id for each in told}
    assert await desk.waiting() == 1


async def test_a_kill_costs_few_receipts() -> None:
    class Counting(MemoryDeadLetters):
        most = 0

        async def settle(self, letters: Sequence[DeadLetter]) -> None:
            self.most = max(self.most, len(letters))
            await super().settle(letters)

    desk = Desk()
    desk.letters = letters = Counting()
    await desk.process(*(f"{number:02x}" for number in range(120)))
    assert len(await desk.replay()) == 120
    assert letters.most == 50
    assert await desk.waiting() == 0


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
