"""What every keeper of dead letters promises."""

import asyncio
from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from application.errors import NotFound
from application.ports.dead_letters import DeadLetter, DeadLetters, Settlement
from tests.support.builders import a_dead_letter
from tests.support.eventually import eventually

US = 1_767_268_800_000_000


async def ids(letters: DeadLetters, reason: str = "", limit: int = 100) -> list[str]:
    """Return which letters are listed."""
    return [letter.letter_id for letter in await letters.list(reason=reason, limit=limit)]


async def await_ids(letters: DeadLetters, expected: Sequence[str]) -> None:
    """Wait until exactly ``expected`` are listed: a log may take a moment from keeping to listing."""

    async def listed() -> list[str]:
        return await ids(letters)

    await eventually(listed, list(expected))


def settled(letter_id: str, settled_us: int = US, verdict: str = "resolved", readings: int = 3) -> DeadLetter:
    """Return a letter with what became of it."""
    return replace(a_dead_letter(letter_id), settled=Settlement(verdict, settled_us, "imst_ioke868@2", readings))


async def waiting(letters: DeadLetters) -> list[str]:
    """Return which letters wait, in the order of their ids."""
    return sorted([letter.letter_id async for letter in letters.waiting()])


async def await_waiting(letters: DeadLetters, expected: Sequence[str]) -> None:
    """Wait until exactly ``expected`` are there."""

    async def there() -> list[str]:
        return await waiting(letters)

    await eventually(there, list(expected))


class DeadLettersContract:
    """Subclass with a fixture ``letters`` that keeps none yet."""

    async def test_nothing_kept_is_nothing_listed(self, letters: DeadLetters) -> None:
        assert await ids(letters) == []

    async def test_every_field_comes_back(self, letters: DeadLetters) -> None:
        letter = DeadLetter(
            "3-4711-payload_too_short",
            "payload_too_short",
            "process",
            "übrig: 2 of 3 bytes",
            "uplinks/3@4711",
            "swu",
            "v3/app/devices/ü/up",
            US,
            bytes(range(256)),
            "003e94c6ad72f129",
            "imst_ioke868",
            "imst_ioke868@1",
            b"\x00\xff",
            "occupancy",
        )
        await letters.add([letter])
        await await_ids(letters, [letter.letter_id])
        assert list(await letters.list()) == [letter]
        assert await letters.get(letter.letter_id) == letter

    async def test_an_unknown_letter_is_not_found(self, letters: DeadLetters) -> None:
        with pytest.raises(NotFound):
            await letters.get("0-0-nothing")

    async def test_an_empty_batch_changes_nothing(self, letters: DeadLetters) -> None:
        await letters.add([])
        assert await ids(letters) == []

    async def test_a_letter_added_again_is_kept_once(self, letters: DeadLetters) -> None:
        await letters.add([a_dead_letter("a"), a_dead_letter("a")])
        await letters.add([a_dead_letter("a")])
        await letters.add([a_dead_letter("z", received_us=US - 1_000_000)])
        await await_ids(letters, ["a", "z"])

    async def test_one_message_may_be_dead_for_two_reasons(self, letters: DeadLetters) -> None:
        await letters.add([a_dead_letter("0-1-b", "b", US), a_dead_letter("0-1-a", "a", US + 1)])
        await await_ids(letters, ["0-1-a", "0-1-b"])

    async def test_the_newest_come_first_by_receipt_not_by_arrival(self, letters: DeadLetters) -> None:
        await letters.add([a_dead_letter("second", received_us=US + 2), a_dead_letter("first", received_us=US + 1)])
        await letters.add([a_dead_letter("third", received_us=US + 3)])
        await await_ids(letters, ["third", "second", "first"])

    async def test_only_the_reason_asked_for_is_listed(self, letters: DeadLetters) -> None:
        await letters.add([a_dead_letter(f"0-{n}", "even" if n % 2 == 0 else "odd", US + n) for n in range(10)])
        await await_ids(letters, [f"0-{n}" for n in range(9, -1, -1)])
        assert await ids(letters, "even") == ["0-8", "0-6", "0-4", "0-2", "0-0"]
        assert await ids(letters, "never") == []

    async def test_a_list_of_one_reason_is_full_while_there_are_more(self, letters: DeadLetters) -> None:
        await letters.add([a_dead_letter(f"0-{n}", "even" if n % 2 == 0 else "odd", US + n) for n in range(10)])
        await await_ids(letters, [f"0-{n}" for n in range(9, -1, -1)])
        assert await ids(letters, "even", 3) == ["0-8", "0-6", "0-4"]
        assert await ids(letters, limit=2) == ["0-9", "0-8"]

    async def test_concurrent_letters_are_all_kept(self, letters: DeadLetters) -> None:
        batches = [[a_dead_letter(f"{b}-{n}", received_us=US + 10 * b + n) for n in range(10)] for b in range(5)]
        await asyncio.gather(*[letters.add(batch) for batch in batches])
        await await_ids(letters, [f"{b}-{n}" for b in range(4, -1, -1) for n in range(9, -1, -1)])

    async def test_all_letters_wait_until_they_are_settled(self, letters: DeadLetters) -> None:
        await letters.add([a_dead_letter(each, received_us=US) for each in ("a", "b", "c")])
        await letters.add([a_dead_letter("a", received_us=US)])
        await await_waiting(letters, ["a", "b", "c"])
        await letters.settle([settled("b")])
        await await_waiting(letters, ["a", "c"])

    async def test_those_that_are_chosen_come_newest_first(self, letters: DeadLetters) -> None:
        await letters.add([a_dead_letter(f"0-{n}", "even" if n % 2 == 0 else "odd", US + n) for n in range(10)])
        await letters.add([a_dead_letter("0-6", "even", US + 6)])
        await letters.settle([settled("0-4")])
        await await_waiting(letters, [f"0-{n}" for n in range(10) if n != 4])
        chosen = [each async for each in letters.chosen(lambda letter: letter.reason == "even")]
        assert [each.letter_id for each in chosen] == ["0-8", "0-6", "0-2", "0-0"]
        assert chosen[1] == a_dead_letter("0-6", "even", US + 6)

    async def test_those_that_are_chosen_may_be_settled_meanwhile(self, letters: DeadLetters) -> None:
        many = [a_dead_letter(f"{n:04}", received_us=US + n) for n in range(1_200)]
        await letters.add(many)
        await await_waiting(letters, [each.letter_id for each in many])
        seen = []
        async for each in letters.chosen(lambda _: True):
            seen.append(each.letter_id)
            if len(seen) % 100 == 0:
                await letters.settle([settled(letter_id) for letter_id in seen[-100:]])
        assert seen == [each.letter_id for each in reversed(many)]
        await await_waiting(letters, [])

    async def test_a_settled_letter_leaves_the_list_and_keeps_its_record(self, letters: DeadLetters) -> None:
        await letters.add([a_dead_letter("a"), a_dead_letter("b")])
        await letters.settle([settled("a")])
        await await_ids(letters, ["b"])
        assert [each.letter_id for each in await letters.settled()] == ["a"]
        assert await letters.get("a") == replace(settled("a"), body=b"", payload=b"")

    async def test_a_settled_letter_is_settled_for_good(self, letters: DeadLetters) -> None:
        await letters.add([a_dead_letter("a"), a_dead_letter("z")])
        await letters.settle([settled("a", US)])
        await letters.add([a_dead_letter("a")])
        await letters.settle([settled("a", US + 1, "discarded", 0)])
        await await_ids(letters, ["z"])
        assert [each.settled for each in await letters.settled()] == [settled("a", US).settled]

    async def test_those_settled_last_come_first(self, letters: DeadLetters) -> None:
        await letters.add([a_dead_letter(each) for each in ("a", "b", "c")])
        await letters.settle([settled("b", US), settled("a", US + 1)])
        await letters.settle([settled("c", US + 2)])
        await await_ids(letters, [])
        assert [each.letter_id for each in await letters.settled(limit=2)] == ["c", "a"]

    async def test_settled_letters_of_one_reason_can_be_asked_for(self, letters: DeadLetters) -> None:
        await letters.settle(
            [replace(settled(each, US + n), reason=each[0]) for n, each in enumerate(("a1", "b", "a2"))]
        )
        await await_ids(letters, [])
        assert [each.letter_id for each in await letters.settled(reason="a")] == ["a2", "a1"]

    async def test_settling_nothing_changes_nothing(self, letters: DeadLetters) -> None:
        await letters.settle([])
        assert await letters.settled() == []
