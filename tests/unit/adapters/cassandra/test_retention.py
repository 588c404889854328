"""How long a row has to live."""

from adapters.cassandra.retention import NO_END, time_to_live
from adapters.cassandra.rows import integer

S = 1_000_000_000
DAY_S = 86_400
NOON_S = 1_767_614_400


def test_time_counts_from_the_event_and_not_from_the_write() -> None:
    assert time_to_live(NOON_S * S, 30 * DAY_S, NOON_S) == integer(30 * DAY_S)
    assert time_to_live(NOON_S * S, 30 * DAY_S, NOON_S + 29 * DAY_S) == integer(DAY_S)


def test_what_came_too_late_is_not_kept() -> None:
    assert time_to_live(NOON_S * S, DAY_S, NOON_S + DAY_S) is None
    assert time_to_live(NOON_S * S, DAY_S, NOON_S + DAY_S - 1) == integer(1)


def test_without_a_setting_there_is_no_end() -> None:
    assert time_to_live(0, 0, NOON_S) == NO_END


def test_cassandra_is_never_asked_for_more_than_it_takes() -> None:
    assert time_to_live((NOON_S + 10**10) * S, DAY_S, NOON_S) == integer(630_720_000)
