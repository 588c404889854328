"""The account equals the reference function: in any order within the window, with any repetition, after any restart."""

from random import Random

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from domain.radio import Activation, FrameAccount, account, activate, runs
from tests.unit.domain.radio import reference
from tests.unit.domain.radio.histories import Told, a_long_history, arrivals, histories
from tests.unit.domain.radio.ledgers import ULM

STORED = msgspec.msgpack.Encoder()
RESTORED = msgspec.msgpack.Decoder(FrameAccount)


def after(told: list[Told], known: FrameAccount | None = None) -> FrameAccount:
    found = known or FrameAccount()
    for each in told:
        found = activate(each, found, ULM) if isinstance(each, Activation) else account(each, found, ULM)[1]
    return found


def counted(known: FrameAccount) -> dict[int, dict[str, int]]:
    """Return what the account says of each day, without what depends on the order of arrival."""
    days = {day: {what: getattr(counts, what) for what in reference.COUNTED} for day, counts in known.by_day().items()}
    return {day: counts for day, counts in days.items() if any(counts.values())}


@given(histories())
def test_in_order_it_equals_the_reference(told: list[Told]) -> None:
    told = sorted(told, key=lambda each: each.network_ns)
    assert counted(after(told)) == reference.by_day(told, ULM)


@given(st.data())
def test_in_any_order_within_the_window_it_equals_the_reference(data: st.DataObject) -> None:
    told = data.draw(histories())
    arrived = data.draw(arrivals(told))
    known = after(arrived)
    assert counted(known) == reference.by_day(told, ULM)
    assert known.doubts == 0


@given(st.integers(0, 2**32))
def test_it_does_so_over_hundreds_of_messages(seed: int) -> None:
    told, arrived = a_long_history(Random(seed))
    known = after(arrived)
    assert (counted(known), known.doubts) == (reference.by_day(told, ULM), 0), f"a_long_history(Random({seed}))"


@given(st.data())
def test_any_repetition_changes_nothing(data: st.DataObject) -> None:
    told = data.draw(histories())
    arrived = data.draw(arrivals(told))
    for _ in range(data.draw(st.integers(1, 10))):
        at = data.draw(st.integers(0, len(arrived) - 1))
        arrived.insert(data.draw(st.integers(at + 1, len(arrived))), arrived[at])
    assert counted(after(arrived)) == reference.by_day(told, ULM)


@given(st.data())
def test_a_restart_at_any_point_changes_nothing(data: st.DataObject) -> None:
    arrived = data.draw(arrivals(data.draw(histories())))
    at = data.draw(st.integers(0, len(arrived)))
    restored = RESTORED.decode(STORED.encode(after(arrived[:at])))
    assert after(arrived[at:], restored) == after(arrived)


@given(st.data())
def test_segments_and_days_have_the_same_sums_and_nothing_is_below_zero(data: st.DataObject) -> None:
    arrived = data.draw(arrivals(data.draw(histories())))
    for end in range(1, len(arrived) + 1, 7):
        known = after(arrived[:end])
        for segment in known.segments:
            missing = sum(run.missing for run in runs.unpacked(segment.missing_runs))
            assert segment.last - segment.first + 1 == segment.received + missing
        if not known.closed_ns:
            assert known.counts.received == sum(segment.received for segment in known.segments)
            assert known.counts.missing == sum(segment.missing for segment in known.segments)
        days = known.by_day().values()
        assert sum(day.received for day in days) == known.counts.received
        assert sum(day.missing for day in days) == known.counts.missing
        assert all(number >= 0 for day in days for number in msgspec.structs.astuple(day))
