"""What is still to be fetched, in the order in which the store forgets it."""

from msgspec.structs import replace

from application.backfill import Plan, State, due, expiry_text
from application.ports.backfill_book import Coverage, Entry, GapMark
from tests.unit.application.backfill.scene import HOUR, NOON_US, a_window

PLANS = {"swu": Plan(source="swu")}


def states(hours: float, *entries: Entry) -> list[State]:
    """Return the states so many hours after noon."""
    return [each.state for each in due(entries, PLANS, NOON_US + int(hours * HOUR))]


def test_a_window_waits_then_is_about_to_expire_then_has_expired() -> None:
    window = a_window(0, 60)
    assert [states(hours, window) for hours in (0, 17.9, 18, 23.9, 24)] == [
        [State.WAITING],
        [State.WAITING],
        [State.EXPIRING],
        [State.EXPIRING],
        [State.EXPIRED],
    ]


def test_what_was_fetched_of_it_no_longer_expires() -> None:
    window = replace(a_window(0, 12 * 3_600), through_us=NOON_US + 10 * HOUR)
    assert states(24, window) == [State.WAITING]
    assert states(24, replace(window, fetched_us=NOON_US)) == []


def test_many_tries_in_vain_are_worth_a_look() -> None:
    assert states(1, replace(a_window(0, 60), tries=4), replace(a_window(60, 90), tries=5)) == [
        State.WAITING,
        State.FAILING,
    ]


def test_gaps_that_were_not_asked_for_expire_too() -> None:
    mark = GapMark("swu", NOON_US, NOON_US)
    assert states(17, mark) == []
    assert states(18, mark) == [State.EXPIRING]
    assert states(1, replace(mark, trouble="it is away")) == [State.WAITING]


def test_a_longer_memory_warns_two_days_before() -> None:
    cloud = {"swu": Plan(source="swu", retention_us=720 * HOUR)}
    [early] = due([a_window(0, 60)], cloud, NOON_US + 671 * HOUR)
    [late] = due([a_window(0, 60)], cloud, NOON_US + 672 * HOUR)
    assert (early.state, late.state) == (State.WAITING, State.EXPIRING)


def test_what_expires_first_stands_first_and_others_sources_not_at_all() -> None:
    entries: list[Entry] = [
        a_window(60, 90),
        a_window(0, 30),
        replace(a_window(0, 9), source="other"),
        Coverage("swu", "a", NOON_US, 1),
    ]
    found = due(entries, PLANS, NOON_US)
    assert [each.since_us - NOON_US for each in found] == [0, 60_000_000]


def test_it_is_said_in_one_line_with_all_that_matters() -> None:
    [found] = due([replace(a_window(0, 60), tries=1, trouble="it is away")], PLANS, NOON_US + 20 * HOUR)
    assert expiry_text(found) == (
        "messages from 2026-01-01T12:00:00Z to 2026-01-01T12:01:00Z are not fetched (expiring);"
        " the store forgets them from 2026-01-02T12:00:00Z on: it is away"
    )


def test_a_source_that_no_bridge_tells_of_any_more_is_an_alarm_before_its_store_forgets() -> None:
    coverage = Coverage("swu", "ingest-0", NOON_US, NOON_US)
    assert [states(hours, coverage) for hours in (17.9, 18, 24)] == [[], [State.EXPIRING], [State.EXPIRED]]
    [found] = due([coverage], PLANS, NOON_US + 20 * HOUR)
    assert (found.what, found.since_us) == ("silence", NOON_US)
    assert "is it connected?" in expiry_text(found)


def test_a_source_is_not_silent_where_another_bridge_or_a_window_covers_it() -> None:
    covered = [Coverage("swu", "ingest-0", NOON_US, NOON_US), Coverage("swu", "ingest-1", NOON_US + 10 * HOUR, NOON_US)]
    assert states(20, *covered) == []
    window = replace(a_window(0, 15 * 3_600), fetched_us=NOON_US + 15 * HOUR)
    assert states(30, *covered, window) == []
    assert states(33, *covered, window) == [State.EXPIRING]
