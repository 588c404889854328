"""Recount: what came too late for the account is counted from the whole history."""

from hypothesis import given
from hypothesis import strategies as st

from domain.radio import recounted
from tests.support.builders import an_uplink
from tests.unit.domain.radio import reference
from tests.unit.domain.radio.accounts import after
from tests.unit.domain.radio.histories import histories
from tests.unit.domain.radio.ledgers import ULM, UTC
from tests.unit.domain.radio.test_reference import counted


def test_a_doubt_is_settled_by_a_recount() -> None:
    frames = [an_uplink(n) for n in range(10)]
    odd = an_uplink(7, seconds=250, payload=b"\x02")
    assert after(*frames, odd).doubts == 1
    known = recounted([*frames, odd], UTC)
    assert (known.doubts, known.counts.received, known.counts.breaks) == (0, 11, 1)


def test_frames_that_nobody_could_read_stay_unread() -> None:
    frames = [an_uplink(n) for n in range(3)]
    known = recounted(frames, UTC, frozenset({(frames[1].network_ns, 1)}))
    assert known.counts.undecodable == 1


@given(st.data())
def test_a_recount_equals_the_reference_whatever_the_order_and_repetition(data: st.DataObject) -> None:
    told = data.draw(histories())
    shuffled = data.draw(st.permutations(told)) + told[:3]
    assert counted(recounted(shuffled, ULM)) == reference.by_day(told, ULM)
