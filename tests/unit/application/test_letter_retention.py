"""Dead letters keep what they hold as long as its data class may be kept."""

from collections.abc import AsyncIterator, Sequence

import pytest
from msgspec.structs import replace

from adapters.memory.dead_letters import MemoryDeadLetters
from application.letter_retention import LetterRetention
from application.ports.dead_letters import DeadLetter
from tests.support.builders import a_dead_letter
from tests.support.clock import FakeClock

DAY_US = 86_400 * 1_000_000
RECEIVED_US = 1_767_268_800_000_000
KEPT_DAYS = {"meter_personal": 30, "location": 3, "infrastructure": 0}


def a_letter(letter_id: str, data_class: str) -> DeadLetter:
    """Return a letter of a class, received at one moment."""
    return replace(a_dead_letter(letter_id), data_class=data_class, received_us=RECEIVED_US)


class Desk:
    """A letter of each class, and a clock."""

    def __init__(self) -> None:
        self.letters = MemoryDeadLetters()
        self.clock = FakeClock(RECEIVED_US)
        self.retention = LetterRetention(self.letters, KEPT_DAYS, self.clock)

    async def expire_after(self, days: float) -> int:
        """Let so many days pass since the receipt."""
        self.clock.advance(days * 86_400 - (self.clock.now_us() - RECEIVED_US) / 1_000_000)
        return await self.retention.expire()

    async def waiting(self) -> set[str]:
        """Return the letters that wait."""
        return {each.letter_id async for each in self.letters.waiting()}


@pytest.fixture
async def desk() -> Desk:
    desk = Desk()
    await desk.letters.add([a_letter(name, name) for name in (*KEPT_DAYS, "occupancy")])
    return desk


async def test_a_letter_goes_when_its_class_may_be_kept_no_longer(desk: Desk) -> None:
    assert await desk.expire_after(2.99) == 0
    assert await desk.expire_after(3) == 1
    assert await desk.waiting() == {"meter_personal", "infrastructure", "occupancy"}
    assert await desk.expire_after(30) == 1
    assert await desk.expire_after(10_000) == 0
    assert await desk.waiting() == {"infrastructure", "occupancy"}


async def test_its_bytes_are_gone_and_what_was_wrong_stays(desk: Desk) -> None:
    await desk.expire_after(3)
    letter = await desk.letters.get("location")
    assert (letter.body, letter.payload) == (b"", b"")
    assert letter.reason == a_dead_letter("location").reason
    assert letter.settled is not None
    assert (letter.settled.verdict, letter.settled.detail) == ("expired", "location is kept for 3 days")


async def test_a_letter_that_was_resolved_before_stays_resolved(desk: Desk) -> None:
    await desk.expire_after(3)
    first = await desk.letters.get("location")
    assert await desk.expire_after(4) == 0
    assert await desk.letters.get("location") == first


async def test_a_letter_says_until_when_it_is_kept(desk: Desk) -> None:
    ends = {name: desk.retention.ends_us(a_letter(name, name)) for name in ("location", "infrastructure", "occupancy")}
    assert ends == {"location": RECEIVED_US + 3 * DAY_US, "infrastructure": None, "occupancy": None}


async def test_where_letters_vanish_by_themselves_they_are_kept_no_longer() -> None:
    retention = LetterRetention(MemoryDeadLetters(), KEPT_DAYS, FakeClock(RECEIVED_US), vanish_days=7)
    ends = {name: retention.ends_us(a_letter(name, name)) for name in ("location", "meter_personal", "occupancy")}
    week_us = RECEIVED_US + 7 * DAY_US
    assert ends == {"location": RECEIVED_US + 3 * DAY_US, "meter_personal": week_us, "occupancy": week_us}


async def test_what_vanishes_by_itself_is_not_settled(desk: Desk) -> None:
    retention = LetterRetention(desk.letters, {"location": 3}, desk.clock, vanish_days=1)
    desk.clock.advance(2 * 86_400)
    assert await retention.expire() == 0


async def test_without_an_end_nobody_looks_at_the_letters() -> None:
    class Unread(MemoryDeadLetters):
        def waiting(self) -> AsyncIterator[DeadLetter]:
            pytest.fail("read for nothing")

    assert await LetterRetention(Unread(), {"location": 0}, FakeClock(RECEIVED_US)).expire() == 0


async def test_after_a_flood_no_more_letters_are_held_than_are_settled_at_once() -> None:
    class Flooded(MemoryDeadLetters):
        held = most_held = 0

        async def waiting(self) -> AsyncIterator[DeadLetter]:
            async for letter in super().waiting():
                self.held += 1
                self.most_held = max(self.held, self.most_held)
                yield letter

        async def settle(self, letters: Sequence[DeadLetter]) -> None:
            self.held -= len(letters)
            await super().settle(letters)

    letters = Flooded()
    await letters.add([a_letter(str(number), "location") for number in range(2_000)])
    assert await LetterRetention(letters, KEPT_DAYS, FakeClock(RECEIVED_US + 4 * DAY_US)).expire() == 2_000
    assert letters.most_held <= 500
