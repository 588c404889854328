"""Batches of records as brokers and consumers know them: what aiokafka's own reader finds in ours."""

from itertools import pairwise

from aiokafka.record.default_records import DefaultRecordBatch
from aiokafka.record.memory_records import MemoryRecords

from adapters.kafka.record_batch import Draft, Record, RecordBatch

_ZSTD = 4
_HEADERS = [("source", b"swu"), ("received-us", b"1")]


def record(value: bytes | None, key: bytes = b"k") -> Record:
    """Return a record of the first second of 1970."""
    return key, value, 1_000, []


def built(batch: RecordBatch) -> DefaultRecordBatch:
    """Return ``batch`` as a consumer gets it."""
    found = MemoryRecords(bytes(batch._build())).next_batch()
    assert isinstance(found, DefaultRecordBatch)
    assert found.validate_crc()
    return found


def values(batch: RecordBatch) -> list[bytes | None]:
    """Return what stands in ``batch``."""
    return [each.value for each in built(batch)]


def filled(*records: Record, max_bytes: int = 1_048_576) -> RecordBatch:
    """Return a batch that takes all of ``records``."""
    batch = RecordBatch(max_bytes)
    assert batch.fill(records) is None
    return batch


def drafted(*lots: list[Record], max_bytes: int = 1_048_576) -> list[RecordBatch]:
    """Return the batches of a draft to which ``lots`` are added."""
    draft = Draft("topic", 3, max_bytes)
    for lot in lots:
        draft.add(lot)
    return draft.batches


def test_every_part_of_a_record_comes_back() -> None:
    [first, second] = built(filled((b"key", b"value", 1_234, _HEADERS), (b"other", b"x" * 1_000, 2_345, [])))
    assert (first.offset, first.key, first.value, first.timestamp) == (0, b"key", b"value", 1_234)
    assert list(first.headers) == _HEADERS
    assert (second.offset, second.key, second.value, second.timestamp) == (1, b"other", b"x" * 1_000, 2_345)


def test_a_tombstone_comes_back_as_one() -> None:
    assert values(filled(record(None))) == [None]


def test_a_record_without_a_time_gets_that_of_its_making() -> None:
    [found] = built(filled((b"k", b"v", None, [])))
    assert found.timestamp > 1_700_000_000_000


def test_what_repeats_itself_is_compressed_with_zstd() -> None:
    records = [record(b"the same again and again %d" % number) for number in range(1_000)]
    batch = filled(*records)
    assert batch.size() > 30_000
    assert built(batch).compression_type == _ZSTD
    assert len(batch._build()) < 5_000
    assert values(batch) == [value for _, value, _, _ in records]


def test_what_would_grow_is_left_as_it_is() -> None:
    batch = filled(record(b"short"))
    assert built(batch).compression_type == 0
    assert values(batch) == [b"short"]


def test_a_request_that_is_repeated_has_the_same_bytes() -> None:
    batch = filled(*[record(b"the same again and again")] * 100)
    assert batch._build() is batch._build()


def test_aiokafka_is_told_how_many_records_there_are() -> None:
    batch = filled(*[record(b"value")] * 7)
    assert batch.record_count() == 7
    assert built(batch).next_offset == 7


def test_a_draft_begins_a_batch_when_the_last_is_full() -> None:
    batches = drafted([record(b"%03d" % number + bytes(97)) for number in range(100)], max_bytes=1_000)
    assert len(batches) > 10
    assert all(batch.size() <= 1_000 for batch in batches)
    found = [value for batch in batches for value in values(batch)]
    assert [int(value[:3]) for value in found if value] == list(range(100))


def test_a_draft_goes_on_with_the_batch_it_has() -> None:
    [batch] = drafted([record(b"1")], [record(b"2"), record(b"3")])
    assert values(batch) == [b"1", b"2", b"3"]


def test_a_record_that_no_batch_takes_goes_alone() -> None:
    batches = drafted([record(b"1"), record(bytes(2_000)), record(b"3")], max_bytes=1_000)
    assert [values(batch) for batch in batches] == [[b"1"], [bytes(2_000)], [b"3"]]


def test_the_records_of_a_draft_are_numbered_within_their_batch() -> None:
    for batch in drafted([record(bytes(300))] * 10, max_bytes=1_000):
        offsets = [each.offset for each in built(batch)]
        assert offsets[0] == 0
        assert all(later == before + 1 for before, later in pairwise(offsets))


def test_a_draft_without_records_has_no_batch() -> None:
    assert drafted([], []) == []
