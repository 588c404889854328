"""Dead letters in their topic: listed by reading it whole, which is done by people, not by the hot path.

A letter that is settled is a second record under its id, without its bytes. The first may be read after the second, or
be gone: so whoever lists reads twice, first what is settled, then the letters.
"""

import heapq
from collections.abc import AsyncIterator, Sequence

import msgspec

from adapters.kafka.connection import KafkaConnection
from adapters.kafka.derived_records import letter_records
from adapters.kafka.partition_reader import PartitionReader
from adapters.kafka.partitioner import Partitioner
from adapters.kafka.producer import BatchProducer, Lot
from adapters.kafka.record_batch import Record
from adapters.kafka.topics import Topics
from application.errors import NotFound
from application.ports.dead_letters import DeadLetter, without_bytes

_DECODER = msgspec.json.Decoder(DeadLetter)


class KafkaDeadLetters:
    """The topic may hold a letter twice; its readers know it by its id."""

    def __init__(self, connection: KafkaConnection, topics: Topics, producer: BatchProducer) -> None:
        self._connection = connection
        self._topics = topics
        self._producer = producer
        self._partitioner = Partitioner(topics.partitions)

    async def add(self, letters: Sequence[DeadLetter]) -> None:
        by_partition: dict[int, list[Record]] = {}
        for letter, record in zip(letters, letter_records(letters, self._topics), strict=True):
            by_partition.setdefault(self._partitioner.of(letter.letter_id), []).append(record)
        if by_partition:
            topic = self._topics.dead_letters
            await self._producer.send(Lot(topic, partition, records) for partition, records in by_partition.items())

    async def list(self, *, reason: str = "", limit: int = 100) -> Sequence[DeadLetter]:
        newest = _Newest(limit)
        settled = await self._settled()
        async for letter in self._all():
            if letter.letter_id not in settled and reason in ("", letter.reason):
                newest.add(letter)
        return newest.sorted()

    async def waiting(self) -> AsyncIterator[DeadLetter]:
        seen = set(await self._settled())
        async for letter in self._all():
            if letter.letter_id not in seen:
                seen.add(letter.letter_id)
                yield letter

    async def settled(self, *, limit: int = 100) -> Sequence[DeadLetter]:
        found = sorted((await self._settled()).values(), key=_settled_us, reverse=True)
        return found[:limit]

    async def settle(self, letters: Sequence[DeadLetter]) -> None:
        settled = await self._settled()
        await self.add([without_bytes(letter) for letter in letters if letter.letter_id not in settled])

    async def get(self, letter_id: str) -> DeadLetter:
        found: DeadLetter | None = None
        async for letter in self._all():
            if letter.letter_id == letter_id and (found is None or _is_before(letter, found)):
                found = letter
        if found is None:
            raise NotFound(f"no dead letter {letter_id!r}", letter_id=letter_id)
        return found

    async def _settled(self) -> dict[str, DeadLetter]:
        """Return the letters that are settled, by id; of two who settled one the first has."""
        settled: dict[str, DeadLetter] = {}
        async for letter in self._all():
            known = settled.get(letter.letter_id)
            if letter.settled is not None and (known is None or _is_before(letter, known)):
                settled[letter.letter_id] = letter
        return settled

    async def _all(self) -> AsyncIterator[DeadLetter]:
        partitions = range(self._topics.partitions)
        async with PartitionReader(self._connection, self._topics.dead_letters, partitions) as reader:
            begins, ends = await reader.begins(), await reader.ends()
            for partition in partitions:
                async for records in reader.read(partition, begins[partition], ends[partition]):
                    for record in records:
                        if (letter := _letter(record.value)) is not None:
                            yield letter


class _Newest:
    """The newest letters, by receipt, of as many as come: no more of them are held than asked for."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._heap: list[tuple[int, str]] = []
        self._letters: dict[str, DeadLetter] = {}

    def add(self, letter: DeadLetter) -> None:
        """Keep ``letter`` if it is among the newest; a known one is kept once."""
        if letter.letter_id in self._letters:
            return
        heapq.heappush(self._heap, (letter.received_us, letter.letter_id))
        self._letters[letter.letter_id] = letter
        if len(self._heap) > self._limit:
            _, oldest = heapq.heappop(self._heap)
            del self._letters[oldest]

    def sorted(self) -> Sequence[DeadLetter]:
        """Return them, newest first."""
        return [self._letters[letter_id] for _, letter_id in sorted(self._heap, reverse=True)]


def _is_before(letter: DeadLetter, other: DeadLetter) -> bool:
    """Say whether ``letter`` tells more of its end than ``other``: it is settled, and earlier."""
    return letter.settled is not None and (other.settled is None or _settled_us(letter) < _settled_us(other))


def _settled_us(letter: DeadLetter) -> int:
    return letter.settled.settled_us if letter.settled is not None else 0


def _letter(value: bytes | None) -> DeadLetter | None:
    """Return the letter in ``value``; what somebody else wrote into the topic is none."""
    try:
        return _DECODER.decode(value or b"")
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
