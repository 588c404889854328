"""A raw uplink as a record, and back."""

from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from adapters.kafka.log_record import Headers
from adapters.kafka.record_batch import Record
from adapters.kafka.uplink_record import is_cut, logged, record_of
from adapters.ttn.envelope_reader import TtnEnvelopeReader
from application.ports.uplink_log import RawUplink
from domain.radio import Unreadable
from tests.support.builders import a_raw_uplink

LIMIT = 1_048_576


class StoredRecord(NamedTuple):
    """A record as it is read."""

    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Headers


def stored(record: Record, offset: int = 0) -> StoredRecord:
    """Return ``record`` as a broker gives it back."""
    return StoredRecord(offset, record[2] or 0, record[0], record[1], tuple(record[3]))


def read_back(*records: StoredRecord) -> list[RawUplink]:
    """Return what ``records`` hold."""
    return list(logged(3, records).uplinks)


_TEXT = st.text(max_size=30).filter(lambda text: not any("\ud800" <= each <= "\udfff" for each in text))


@given(
    source=_TEXT,
    server=_TEXT,
    topic=_TEXT,
    body=st.binary(max_size=200),
    received_us=st.integers(0, 2**62),
    dup=st.booleans(),
    origin=st.sampled_from(["", "storage"]),
)
def test_every_field_comes_back(
    source: str, server: str, topic: str, body: bytes, received_us: int, dup: bool, origin: str
) -> None:
    uplink = RawUplink(source, server, topic, body, received_us, dup, origin)
    assert read_back(stored(record_of(uplink, "key", LIMIT))) == [uplink]


def test_a_record_is_dated_with_the_receipt_so_that_it_is_found_by_it() -> None:
    assert record_of(a_raw_uplink(received_us=1_767_268_800_123_456), "key", LIMIT)[2] == 1_767_268_800_123


def test_positions_are_kept() -> None:
    records = [stored(record_of(a_raw_uplink(), "key", LIMIT), offset) for offset in (4, 5, 9)]
    batch = logged(3, records)
    assert (batch.partition, list(batch.offsets), batch.next_offset) == (3, [4, 5, 9], 10)


def test_a_record_that_somebody_else_wrote_is_an_uplink_of_no_source_and_its_neighbours_are_whole() -> None:
    good = record_of(a_raw_uplink(b"good"), "key", LIMIT)
    foreign = StoredRecord(1, 1_767_268_800_000, None, b"\xff\x00", ())
    before, poison, after = read_back(stored(good), foreign, stored(good, 2))
    assert before == after == a_raw_uplink(b"good")
    assert poison == RawUplink("", "", "", b"\xff\x00", 1_767_268_800_000_000)


def test_headers_that_are_no_text_or_no_number_are_foreign_too() -> None:
    whole = dict(record_of(a_raw_uplink(b"x"), "key", LIMIT)[3])
    times: list[dict[str, bytes | None]] = [{"received-us": time} for time in (b"soon", b"", b"-1", b"1" * 30)]
    broken: list[dict[str, bytes | None]] = [{"source": b"\xff"}, {"mqtt-topic": None}, *times]
    for wrong in broken:
        headers = tuple({**whole, **wrong}.items())
        [poison] = read_back(StoredRecord(0, -1, None, b"x", headers))  # type: ignore[arg-type]  # as foreign as can be
        assert poison == RawUplink("", "", "", b"x", 0)


def test_a_tombstone_is_an_uplink_without_a_body() -> None:
    assert read_back(StoredRecord(0, 5, b"k", None, ())) == [RawUplink("", "", "", b"", 5_000)]


def test_what_no_record_takes_is_cut_to_what_one_takes() -> None:
    uplink = a_raw_uplink(b"[" * 3_000_000)
    record = record_of(uplink, uplink.topic, LIMIT)
    assert is_cut(record)
    assert LIMIT - 2_000 < len(record[1] or b"") < LIMIT
    assert ("cut-from-bytes", b"3000000") in record[3]


def test_what_is_cut_becomes_a_dead_letter_that_says_so() -> None:
    uplink = a_raw_uplink(b'{"end_device_ids":{}}' + b" " * 3_000_000)
    [cut] = read_back(stored(record_of(uplink, uplink.topic, LIMIT)))
    message = TtnEnvelopeReader().read(cut)
    assert isinstance(message, Unreadable)
    assert message.reason == "envelope_oversized"


def test_the_largest_that_fits_is_not_cut() -> None:
    uplink = a_raw_uplink(b"x" * (LIMIT - 2_000))
    record = record_of(uplink, uplink.topic, LIMIT)
    assert not is_cut(record)
    assert record[1] == uplink.body
