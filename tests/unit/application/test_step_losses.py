"""The loss ledger in the step: which rows a batch changes."""

from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from application.processing.batch import Batch
from application.processing.outcome import Outcome
from application.processing.step import Step
from domain.device import DeviceMemory
from domain.radio import DayCalendar, LossDay, LossLedger, Message, Outage, Unreadable
from tests.support.builders import DEV, NOON_NS, NS, a_raw_uplink, a_server_notice, an_uplink
from tests.unit.application.stepping import SPOTS, TYPES, stepped

HOUR = 3_600.0


def unread(
    seconds: float, body: bytes = b"{", *, first: int, memory: dict[str, DeviceMemory], topic: str = ""
) -> Outcome:
    """Return what comes of a message of the device that nobody can read."""
    raw = a_raw_uplink(body, (NOON_NS + int(seconds * NS)) // 1_000)
    if topic:
        raw = type(raw)(raw.source, raw.network_server, topic, raw.body, raw.received_us)
    message = Unreadable("envelope_unreadable", "made up", DEV)
    return Step(TYPES, SPOTS).process(Batch(0, [first], [raw], [message]), memory)


def balance(row: LossDay) -> tuple[int, int, int, int, int]:
    """Return expected, received, radio, network and ingest."""
    return row.expected, row.received, row.radio, row.network, row.ingest


def test_a_batch_tells_each_day_once_however_many_frames_it_has() -> None:
    outcome = stepped([an_uplink(n, seconds=5 * HOUR * n) for n in range(6)])
    assert [(row.day, row.received) for row in outcome.losses] == [(20_454, 3), (20_455, 3)]


def test_a_row_says_what_became_of_the_frames() -> None:
    frames = [an_uplink(0), an_uplink(1, payload=b""), an_uplink(2, payload=b"\x09"), an_uplink(5)]
    (row,) = stepped(frames).losses
    assert (row.expected, row.received, row.radio) == (6, 4, 2)
    assert (row.stored, row.empty, row.undecodable) == (2, 1, 1)


def test_a_message_that_brings_nothing_new_tells_no_row() -> None:
    memory = stepped([an_uplink(0)]).memory
    assert stepped([an_uplink(0)], memory, first=0).losses == []


def test_a_row_is_written_later_than_the_one_before_it() -> None:
    first = stepped([an_uplink(0)])
    second = stepped([an_uplink(1)], first.memory, first=1)
    assert second.losses[0].written_us > first.losses[0].written_us


def test_a_message_that_nobody_could_read_is_booked_to_ingest() -> None:
    memory = stepped([an_uplink(0)]).memory
    memory |= unread(450, first=1, memory=memory).memory
    (row,) = stepped([an_uplink(3)], memory, first=2).losses
    assert balance(row) == (4, 2, 1, 0, 1)


def test_such_a_message_told_after_its_gap_moves_a_frame_to_ingest() -> None:
    memory = stepped([an_uplink(0), an_uplink(3)]).memory
    (row,) = unread(450, first=2, memory=memory).losses
    assert balance(row) == (4, 2, 1, 0, 1)


def test_what_was_no_uplink_is_booked_to_nobody() -> None:
    memory = stepped([an_uplink(0), an_uplink(3)]).memory
    assert unread(450, first=2, memory=memory, topic="v3/app@ulm/devices/spot-0001/join").losses == []


def test_such_a_message_of_a_device_never_heard_is_remembered_nowhere() -> None:
    outcome = unread(450, first=0, memory={})
    assert (outcome.memory, outcome.losses, len(outcome.dead_letters)) == ({}, [], 1)


def test_a_frame_that_only_the_servers_log_knows_is_told() -> None:
    memory = stepped([an_uplink(30)]).memory
    notice = a_server_notice("uplink_f_cnt_reset", f_cnt=0, seconds=30 * 900 + 60)
    (row,) = stepped([notice], memory, first=1).losses
    assert (row.server_only, row.received, row.missing) == (1, 1, 0)


def test_days_and_outages_are_those_of_the_settings() -> None:
    outage = Outage("swu", NOON_NS + 10 * 3_600 * NS, NOON_NS + 20 * 3_600 * NS)
    step = Step(TYPES, SPOTS, None, LossLedger(DayCalendar(ZoneInfo("Europe/Berlin")), [outage]))
    # 22:30 and 01:30 in Ulm
    outcome = stepped([an_uplink(0, seconds=9.5 * HOUR), an_uplink(4, seconds=12.5 * HOUR)], step=step)
    assert [(row.day, *balance(row)) for row in outcome.losses] == [(20_454, 1, 1, 0, 0, 0), (20_455, 4, 1, 0, 0, 3)]


def test_two_sources_have_rows_of_their_own() -> None:
    outcome = stepped([an_uplink(0), an_uplink(0, source="ttn", session="theirs")])
    assert [row.source for row in outcome.losses] == ["swu", "ttn"]


@given(st.lists(st.integers(0, 20), min_size=1, max_size=30), st.data())
def test_where_a_stream_is_cut_changes_no_row_in_the_end(counters: list[int], data: st.DataObject) -> None:
    stream: list[Message] = [an_uplink(f_cnt, seconds=HOUR * f_cnt) for f_cnt in counters]
    cut = data.draw(st.integers(0, len(stream)))
    whole, first = stepped(stream), stepped(stream[:cut])
    second = stepped(stream[cut:], first.memory, first=cut)
    assert _last([*first.losses, *second.losses]) == _last(whole.losses)


def _last(rows: list[LossDay]) -> dict[tuple[int, str], LossDay]:
    return {(row.day, row.source): replace(row, written_us=0) for row in rows}


def test_a_frame_that_two_sources_deliver_is_one_frame_and_read_once() -> None:
    one = an_uplink(0, dev_addr="01a2b3c4")
    other = an_uplink(0, dev_addr="01a2b3c4", session="", source="chirp", seconds=1)
    outcome = stepped([one, other])
    assert [(row.source, row.received, row.duplicate) for row in outcome.losses] == [("swu", 1, 1)]
    assert (len(outcome.observations), outcome.counts.duplicate) == (1, 1)
