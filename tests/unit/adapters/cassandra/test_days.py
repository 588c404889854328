"""Days, and what the writer remembers of them."""

import pytest

from adapters.cassandra import days
from adapters.cassandra.days import KnownDays, day_of

HALF_A_DAY_S = 43_200


@pytest.mark.parametrize(
    "event_ns, day",
    [(0, 0), (-1, -1), (86_399_999_999_999, 0), (86_400_000_000_000, 1), (-86_400_000_000_000, -1)],
)
def test_a_day_begins_at_midnight_utc(event_ns: int, day: int) -> None:
    assert day_of(event_ns) == day


def test_what_was_added_is_known() -> None:
    known = KnownDays()
    known.add([b"a"], now_s=0)
    assert b"a" in known
    assert b"b" not in known


def test_an_entry_is_written_again_within_a_day() -> None:
    known = KnownDays()
    known.add([b"a"], now_s=1)
    known.add([b"b"], now_s=HALF_A_DAY_S + 2)
    assert b"a" in known
    known.add([b"c"], now_s=2 * HALF_A_DAY_S + 3)
    assert b"a" not in known
    assert b"b" in known


def test_the_older_half_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(days, "_MOST", 2)
    known = KnownDays()
    for number in range(5):
        known.add([b"%d" % number], now_s=1)
    assert [number for number in range(5) if b"%d" % number in known] == [2, 3, 4]
