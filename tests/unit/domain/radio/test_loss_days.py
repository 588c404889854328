"""The loss ledger: days, who lost what, and the two balances."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import astuple

from domain.radio import (
    FrameAccount,
    LossDay,
    Outage,
    Uplink,
    account,
    mark_undecodable,
    note,
    note_unparsed,
    summed,
)
from tests.support.builders import NOON_NS, NS, a_server_notice, an_activation, an_uplink
from tests.unit.domain.radio.accounts import after
from tests.unit.domain.radio.histories import Told, arrivals, histories
from tests.unit.domain.radio.ledgers import NOON_DAY, ULM, changes, rows

HOUR = 3_600.0


def by_day(known: FrameAccount) -> dict[int, tuple[int, int]]:
    """Return received and missing of each day after noon's."""
    return {row.day - NOON_DAY: (row.received, row.missing) for row in rows(known)}


def counts(row: LossDay) -> tuple[object, ...]:
    """Return a row but for the order in which its gaps are kept."""
    return *astuple(row)[:-1], row.gaps


def is_balanced(row: LossDay) -> bool:
    parts = (row.received, row.radio, row.network, row.ingest, row.stored, row.empty, row.undecodable, row.failed)
    return (
        min(parts) >= 0
        and row.expected == row.received + row.radio + row.network + row.ingest
        and row.received == row.stored + row.empty + row.undecodable + row.failed
        and row.recovered <= row.late
    )


class TestDays:
    def test_a_missing_counter_belongs_to_the_day_of_the_next_higher_received_one(self) -> None:
        known = after(an_uplink(0, seconds=0), an_uplink(30, seconds=30 * HOUR))
        assert by_day(known) == {0: (1, 0), 1: (1, 29)}

    def test_when_the_frame_arrives_it_moves_to_its_own_day_and_those_below_it_follow(self) -> None:
        known = after(an_uplink(0, seconds=0), an_uplink(30, seconds=30 * HOUR), an_uplink(10, seconds=10 * HOUR))
        assert by_day(known) == {0: (2, 9), 1: (1, 19)}

    def test_begin_at_midnight_in_the_citys_zone(self) -> None:
        frames = [an_uplink(n, seconds=(10.5 + n) * HOUR) for n in range(3)]  # 22:30, 23:30, 00:30 UTC
        known = FrameAccount()
        for frame in frames:
            _, known = account(frame, known, ULM)
        assert [row.received for row in rows(known, calendar=ULM)] == [1, 2]

    @pytest.mark.parametrize("hours, day", [(23, 20_541), (25, 20_751), (24, 20_454)])
    def test_may_have_23_or_25_hours(self, hours: int, day: int) -> None:
        first_s, last_s = ULM.seconds_of(day)
        assert last_s + 1 - first_s == hours * 3_600
        assert [ULM.day_of_second(second) - day for second in (first_s - 1, first_s, last_s, last_s + 1)] == [
            -1,
            0,
            0,
            1,
        ]

    def test_are_kept_for_31_days(self) -> None:
        known = after(*(an_uplink(n, seconds=24 * HOUR * n) for n in range(40)))
        assert [row.day - NOON_DAY for row in rows(known)] == list(range(9, 40))
        assert known.counts.received == 40

    def test_only_days_that_changed_are_told(self) -> None:
        before = after(an_uplink(0, seconds=0), an_uplink(30, seconds=30 * HOUR))
        assert [
            row.day - NOON_DAY for row in changes(before, after(an_uplink(31, seconds=31 * HOUR), known=before))
        ] == [1]
        assert [
            row.day - NOON_DAY for row in changes(before, after(an_uplink(10, seconds=10 * HOUR), known=before))
        ] == [0, 1]
        assert changes(before, before) == []

    def test_a_day_that_lost_all_it_had_is_told_with_zeros(self) -> None:
        before = after(an_uplink(0, seconds=0), an_uplink(5, seconds=13 * HOUR - 1_000))
        second = after(an_uplink(5, seconds=13 * HOUR - 1_020, payload=b"\x01"), known=before)
        assert second.counts.duplicate == 1
        told = changes(
            after(an_uplink(5, seconds=43_210)), after(an_uplink(5, seconds=43_210), an_uplink(5, seconds=43_190))
        )
        assert [(row.day - NOON_DAY, row.received, row.duplicate) for row in told] == [(0, 1, 0), (1, 0, 1)]


class TestWhoLostIt:
    GAP = (an_uplink(0, seconds=0), an_uplink(11, seconds=11 * HOUR))
    """Ten frames missing, one an hour."""

    def lost(self, known: FrameAccount, *outages: Outage) -> tuple[int, int, int]:
        (row,) = rows(known, *outages)
        return row.radio, row.network, row.ingest

    def test_is_presumed_to_be_the_radio(self) -> None:
        assert self.lost(after(*self.GAP)) == (10, 0, 0)

    def test_is_ingest_while_an_outage_of_ours_is_recorded(self) -> None:
        ours = Outage("swu", NOON_NS + int(2.5 * HOUR) * NS, NOON_NS + int(5.5 * HOUR) * NS)
        assert self.lost(after(*self.GAP), ours) == (7, 0, 3)

    def test_is_the_network_during_an_outage_of_its_own(self) -> None:
        theirs = Outage("swu", NOON_NS, NOON_NS + 24 * 3_600 * NS, "network")
        assert self.lost(after(*self.GAP), theirs) == (0, 10, 0)

    def test_is_ingest_first_where_both_were_down(self) -> None:
        ours = Outage("swu", NOON_NS, NOON_NS + int(5.5 * HOUR) * NS)
        theirs = Outage("swu", NOON_NS, NOON_NS + 24 * 3_600 * NS, "network")
        assert self.lost(after(*self.GAP), ours, theirs) == (0, 5, 5)

    def test_is_not_decided_by_the_outage_of_another_source(self) -> None:
        other = Outage("ttn", NOON_NS, NOON_NS + 24 * 3_600 * NS)
        assert self.lost(after(*self.GAP), other) == (10, 0, 0)

    def test_is_ingest_for_a_message_that_nobody_could_read_in_the_gap(self) -> None:
        unread = note_unparsed(NOON_NS + 4 * 3_600 * NS, b"{", after(self.GAP[0]))
        assert self.lost(after(self.GAP[1], known=unread)) == (9, 0, 1)

    def test_is_ingest_for_such_a_message_delivered_twice_only_once(self) -> None:
        unread = note_unparsed(NOON_NS + 4 * 3_600 * NS, b"{", after(self.GAP[0]))
        assert note_unparsed(NOON_NS + 5 * 3_600 * NS, b"{", unread) is unread

    def test_is_nobody_for_such_a_message_outside_of_gaps(self) -> None:
        unread = note_unparsed(NOON_NS + 12 * 3_600 * NS, b"{", after(*self.GAP))
        assert self.lost(unread) == (10, 0, 0)

    def test_a_backfilled_frame_moves_from_missing_to_recovered(self) -> None:
        (row,) = rows(after(*self.GAP, an_uplink(4, seconds=4 * HOUR)))
        assert (row.received, row.missing, row.recovered, row.late, row.expected) == (3, 9, 1, 1, 12)

    def test_a_frame_out_of_order_by_seconds_is_late_and_not_recovered(self) -> None:
        (row,) = rows(after(an_uplink(0, seconds=0), an_uplink(2, seconds=20), an_uplink(1, seconds=10)))
        assert (row.received, row.missing, row.recovered, row.late) == (3, 0, 0, 1)


class TestFramesThatOnlyTheServersLogKnows:
    @pytest.mark.parametrize("code", ["uplink_f_cnt_reset", "uplink_f_cnt_retransmission"])
    def test_stand_in_a_row_of_their_own_and_are_no_gap(self, code: str) -> None:
        known = note(a_server_notice(code, f_cnt=3, seconds=5), after(an_uplink(30)))
        (row,) = rows(known)
        assert (row.server_only, row.received, row.missing) == (1, 1, 0)

    def test_are_counted_once_however_often_they_are_told(self) -> None:
        notice = a_server_notice("uplink_f_cnt_reset", f_cnt=3, seconds=5)
        known = note(notice, after(an_uplink(30)))
        assert note(notice, known) is known

    def test_are_not_what_other_lines_speak_of(self) -> None:
        known = after(an_uplink(30))
        assert note(a_server_notice("otaa", seconds=5), known) is known


def test_empty_and_undecodable_frames_are_received_and_not_stored() -> None:
    known = after(an_uplink(0), an_uplink(1, payload=b""), an_uplink(2))
    (row,) = rows(mark_undecodable(known, an_uplink(2)))
    assert (row.received, row.stored, row.empty, row.undecodable) == (3, 1, 1, 1)


def test_a_late_frame_does_not_make_those_after_it_readable() -> None:
    known = mark_undecodable(after(an_uplink(0, seconds=0), an_uplink(2, seconds=20)), an_uplink(2, seconds=20))
    assert after(an_uplink(1, seconds=10), known=known).counts.undecodable == 1


def test_the_start_of_a_session_is_claimed_on_the_day_of_its_first_heard_frame() -> None:
    known = after(an_activation(seconds=0), an_uplink(3, seconds=14 * HOUR))
    assert by_day(known) == {1: (1, 3)}


def test_gaps_stand_between_the_frames_around_them() -> None:
    (row,) = rows(after(an_uplink(0, seconds=0), an_uplink(3, seconds=60), an_uplink(5, seconds=100.5)))
    assert [tuple(gap) for gap in row.gaps] == [
        (NOON_NS, NOON_NS + 60 * NS, 2),
        (NOON_NS + 60 * NS, NOON_NS + 100 * NS, 1),
    ]


def test_sums_name_what_their_rows_have_in_common() -> None:
    known = after(an_uplink(0, seconds=0), an_uplink(30, seconds=30 * HOUR))
    total = summed(rows(known))
    assert (total.received, total.missing, total.source, total.day) == (2, 29, "swu", 0)


@given(st.data())
def test_both_balances_hold_on_every_day_of_every_history(data: st.DataObject) -> None:
    told: list[Told] = data.draw(arrivals(data.draw(histories())))
    outage = Outage(
        "swu", NOON_NS + 40_000 * NS, NOON_NS + 90_000 * NS, data.draw(st.sampled_from(["ingest", "network"]))
    )
    known = FrameAccount()
    stored: dict[int, LossDay] = {}
    for each in told:
        before, known = known, after(each, known=known)
        if isinstance(each, Uplink) and each.payload == b"\x02" and known.counts.received > before.counts.received:
            known = mark_undecodable(known, each)
        stored |= {row.day: row for row in changes(before, known)}
    for row in rows(known, outage):
        assert is_balanced(row)
        assert sum(gap.missing for gap in row.gaps) == row.missing
    assert {day: counts(row) for day, row in stored.items() if row.expected} == {
        row.day: counts(row) for row in rows(known) if row.expected
    }
