"""Where lost frames lie among those that came."""

import pytest

from adapters.memory.loss_days import MemoryLossDays
from application.frame_gaps import LedgerGaps
from application.ports.reading_query import StoredReading
from domain.identifiers import DevEui
from domain.observation import Reading
from domain.parking import Gap, ReportKind, SpotReport, evidence
from domain.radio import LossDay
from domain.radio.runs import Run, packed
from tests.support.builders import DEV, NOON_NS

EUI = DevEui(DEV)
S = 1_000_000_000
DAY = NOON_NS // (86_400 * S)


def heard(seconds: float, f_cnt: int, *, source: str = "swu", decoder: str = "nwave_nps310sm@1") -> StoredReading:
    """Return a reading that came some seconds after noon."""
    reading = Reading("parking.occupied", "", True)
    event_ns = NOON_NS + int(seconds * S)
    return StoredReading(EUI, event_ns, reading, 1, "network", 0, "nwave_nps310sm", decoder, source, f_cnt)


def gap(since: float, until: float, frames: int = 1) -> Gap:
    """Return a gap in seconds after noon."""
    return Gap(NOON_NS + int(since * S), NOON_NS + int(until * S), frames)


def runs(since: int, until: int, frames: int) -> bytes:
    """Return missing frames in seconds after noon, as the ledger keeps them."""
    return packed([Run(3, 2 + frames, NOON_NS // S + since, NOON_NS // S + until)])


@pytest.fixture
async def ledger() -> LedgerGaps:
    """Return a ledger with a frame lost between 10.7 s and 20.9 s after noon, and nine of another network server."""
    days = MemoryLossDays()
    rows = [
        LossDay(EUI, DAY, "swu", 1, received=4, radio=1, runs=runs(10, 20, 1)),
        LossDay(EUI, DAY, "ttn", 1, received=1, radio=9, runs=runs(0, 30, 9)),
    ]
    await days.write(rows)
    return LedgerGaps(days)


async def test_the_ledger_knows_frames_that_brought_nothing_to_be_read(ledger: LedgerGaps) -> None:
    told = [heard(5, 1), heard(10.7, 2), heard(20.9, 4), heard(30, 9)]
    assert await ledger.within(EUI, told) == [gap(11, 20)]


async def test_a_gap_of_the_ledger_lies_between_the_two_frames_around_it_and_no_others(ledger: LedgerGaps) -> None:
    told = [heard(5, 1), heard(10.7, 2), heard(20.9, 4), heard(30, 9)]
    reports = [SpotReport(each.event_ns, occupied=True, kind=ReportKind.HEARTBEAT) for each in told]
    known = evidence(reports, await ledger.within(EUI, told))
    assert [each.lost_frames for each in known.transitions] == [0, 1, 0]
    assert known.lost_after == 0


async def test_without_frames_there_are_no_gaps(ledger: LedgerGaps) -> None:
    assert list(await ledger.within(EUI, [])) == []
    assert list(await ledger.within(EUI, [heard(5, 0, decoder="")])) == []


async def test_what_was_lost_later_is_no_gap_of_the_time_before(ledger: LedgerGaps) -> None:
    assert await ledger.within(EUI, [heard(5, 1), heard(10.7, 2)]) == []


async def test_what_one_network_server_missed_another_may_have_brought(ledger: LedgerGaps) -> None:
    told = [heard(1, 1, source="ttn"), heard(5, 1), heard(15, 3, source="ttn"), heard(20.9, 4)]
    assert await ledger.within(EUI, told) == []


async def test_a_device_that_moved_to_another_network_server_has_the_gaps_of_both(ledger: LedgerGaps) -> None:
    told = [heard(0.5, 1, source="ttn"), heard(30.5, 11, source="ttn"), heard(31, 1)]
    assert await ledger.within(EUI, told) == [gap(11, 20), gap(1, 30, 9)]
