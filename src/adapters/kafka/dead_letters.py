"""Dead letters in their topic: listed by reading it whole, which is done by people, not by the hot path.

A letter that is settled is a second record under its id, without its bytes. The first may be read after the second, or
be gone: so whoever lists reads twice, first what is settled, then the letters. All records that settle a letter stand
in one partition, that of its id, one after the other: of two that do, the first counts.

A broker drops whole segments, and so keeps a letter up to a week longer than its topic is told, in one partition longer
than its receipt in another. So what is older than that is gone for the desk too, or it would wait again.
"""

import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing

import msgspec

from adapters.kafka.connection import KafkaConnection
from adapters.kafka.derived_records import letter_records
from adapters.kafka.known_ids import KnownIds
from adapters.kafka.letter_index import LetterIndex
from adapters.kafka.log_record import DECODING_ERRORS
from adapters.kafka.newest_letters import Newest
from adapters.kafka.partition_reader import PartitionReader
from adapters.kafka.partitioner import Partitioner
from adapters.kafka.producer import BatchProducer, Lot
from adapters.kafka.record_batch import Record
from adapters.kafka.records_at import records_at
from adapters.kafka.topics import Topics
from application.errors import NotFound
from application.ports.dead_letters import DeadLetter, without_bytes
from application.ports.uplink_log import Place
from domain.rfc3339 import LAST_S

_LAST_US = LAST_S * 1_000_000 + 999_999
_DECODER = msgspec.json.Decoder(DeadLetter)


class KafkaDeadLetters:
    """The topic may hold a letter twice; its readers know it by its id."""

    def __init__(
        self,
        connection: KafkaConnection,
        topics: Topics,
        producer: BatchProducer,
        *,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        """Take where letters are kept; ``wall_clock``: seconds since 1970-01-01 UTC."""
        self._connection = connection
        self._topics = topics
        self._producer = producer
        self._partitioner = Partitioner(topics.partitions)
        self._wall_clock = wall_clock

    async def add(self, letters: Sequence[DeadLetter]) -> None:
        by_partition: dict[int, list[Record]] = {}
        for letter, record in zip(letters, letter_records(letters, self._topics), strict=True):
            by_partition.setdefault(self._partitioner.of(letter.letter_id), []).append(record)
        if by_partition:
            topic = self._topics.dead_letters
            await self._producer.send(Lot(topic, partition, records) for partition, records in by_partition.items())

    async def list(self, *, reason: str = "", limit: int = 100) -> Sequence[DeadLetter]:
        newest = Newest(limit, _received_us)
        async with aclosing(self.waiting()) as waiting:
            async for letter in waiting:
                if reason in ("", letter.reason):
                    newest.add(letter)
        return newest.sorted()

    async def waiting(self) -> AsyncGenerator[DeadLetter, None]:
        with KnownIds() as seen:
            async with aclosing(self._all()) as before:
                async for letter in before:
                    if letter.settled is not None:
                        seen.add(letter.letter_id)
            async with aclosing(self._all()) as letters:
                async for letter in letters:
                    # One may have been settled since.
                    if seen.add(letter.letter_id) and letter.settled is None:
                        yield letter

    async def chosen(self, takes: Callable[[DeadLetter], bool]) -> AsyncGenerator[DeadLetter, None]:
        with LetterIndex() as index:
            async with aclosing(self._records()) as records:
                async for place, size, letter in records:
                    if letter.settled is not None or takes(letter):
                        index.take(letter, place, size)
            async with self._reader() as reader:
                for places in index.newest_first():
                    found = await records_at(reader, places)
                    for place in places:
                        if place in found and (chosen := _letter(found[place].value)) is not None:
                            yield chosen

    async def settled(self, *, reason: str = "", limit: int = 100) -> Sequence[DeadLetter]:
        newest = Newest(limit, _settled_us)
        with KnownIds() as seen:
            async with aclosing(self._all()) as letters:
                async for letter in letters:
                    if letter.settled is not None and reason in ("", letter.reason) and seen.add(letter.letter_id):
                        newest.add(letter)
        return newest.sorted()

    async def settle(self, letters: Sequence[DeadLetter]) -> None:
        await self.add([without_bytes(letter) for letter in letters])

    async def get(self, letter_id: str) -> DeadLetter:
        found: DeadLetter | None = None
        async with aclosing(self._all()) as letters:
            async for letter in letters:
                if letter.letter_id == letter_id and (found is None or letter.settled is not None):
                    found = letter
                    if letter.settled is not None:
                        break
        if found is None:
            raise NotFound(f"no dead letter {letter_id!r} is kept", letter_id=letter_id)
        return found

    async def _all(self) -> AsyncGenerator[DeadLetter, None]:
        async with aclosing(self._records()) as records:
            async for _, _, letter in records:
                yield letter

    async def _records(self) -> AsyncGenerator[tuple[Place, int, DeadLetter], None]:
        """Yield where each letter stands, how many bytes it has there, and it."""
        since_ms = self._wall_clock() * 1_000 - self._topics.retention_ms
        async with self._reader() as reader:
            begins, ends = await reader.begins(), await reader.ends()
            for partition, begin in begins.items():
                async with aclosing(reader.read(partition, begin, ends[partition])) as batches:
                    async for records in batches:
                        for record in records:
                            letter = _letter(record.value) if record.timestamp >= since_ms else None
                            if letter is not None:
                                yield (partition, record.offset), len(record.value or b""), letter

    def _reader(self) -> PartitionReader:
        return PartitionReader(self._connection, self._topics.dead_letters, range(self._topics.partitions))


def _received_us(letter: DeadLetter) -> int:
    return letter.received_us


def _settled_us(letter: DeadLetter) -> int:
    return letter.settled.settled_us if letter.settled is not None else 0


def _letter(value: bytes | None) -> DeadLetter | None:
    """Return the letter in ``value``; what somebody else wrote into the topic is none."""
    try:
        letter = _DECODER.decode(value or b"")
    except DECODING_ERRORS:
        return None
    return letter if 0 <= letter.received_us <= _LAST_US and 0 <= _settled_us(letter) <= _LAST_US else None
