"""Writes batches of records, and returns once all in-sync replicas have them.

Against aiokafka's own ways (0.14): it acknowledges by one replica only, unless told; sends of a producer that met an
error it cannot repeat may fail for ever; with no broker left, sending and stopping do not end. So: acks=all, a new
producer after every failure, and a deadline around every wait. Idempotence is off: it costs a fifth, one batch per
partition is on its way at a time, and all that we write may be written again (docs/topics.md).
"""

import asyncio
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Protocol, Self

from aiokafka import AIOKafkaProducer
from msgspec import Struct

from adapters.kafka.connection import KafkaConnection
from adapters.kafka.deadlines import end_within
from adapters.kafka.errors import translated
from adapters.kafka.race import looked_at
from adapters.kafka.record_batch import Draft, Record
from application.errors import WrongShape

NO_HEADERS: list[tuple[str, bytes]] = []


class Lot(Struct):
    """Records for one partition of one topic, in their order."""

    topic: str
    partition: int
    records: Sequence[Record]


class Written(Struct):
    """A batch that all in-sync replicas have."""

    topic: str
    partition: int
    first: int
    """Position of its first record; the others follow it."""
    records: int


class BatchProducer:
    """Shared by all who write; an async context manager."""

    def __init__(self, connection: KafkaConnection, *, max_batch_bytes: int) -> None:
        """Take what to reach and how large a batch may be.

        Args:
            connection: the cluster.
            max_batch_bytes: ``Topics.max_message_bytes``: brokers hold whole batches against it (after compression, so
                this is on the safe side). A single larger record goes alone.
        """
        self._connection = connection
        self._deadlines = connection.deadlines
        self._max_batch_bytes = max_batch_bytes
        self._producer: AIOKafkaProducer | None = None
        self._opening = asyncio.Lock()
        self._closing: set[asyncio.Task[None]] = set()
        self.recreated = 0
        """How often a producer was thrown away because of an error."""

    async def __aenter__(self) -> Self:
        await self._current()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await self._stopped(producer)
        if self._closing:
            await asyncio.wait(self._closing)

    def draft(self, topic: str, partition: int) -> Draft:
        """Begin a lot that is put into batches while it grows; ``send`` takes it once."""
        return Draft(topic, partition, self._max_batch_bytes)

    async def send(self, lots: Iterable[Lot | Draft]) -> list[Written]:
        """Write all of ``lots`` and say where they stand; those of one partition keep their order.

        When it raises, some may be written.

        Raises:
            Unavailable: not all were acknowledged in time.
            WrongShape: a topic or partition is missing, or takes smaller records than it should.
            Refused: we may not write.
        """
        producer = await self._current()
        waiting: list[_Acknowledged] = []
        sizes: list[int] = []
        drafts = [self._drafted(lot) for lot in lots]
        try:
            with translated(f"writing to {_names(drafts)}", self._connection.bootstrap):
                async with asyncio.timeout(self._deadlines.send_s):
                    for draft in drafts:
                        await self._enqueue(producer, draft, waiting, sizes)
                    if waiting:
                        await asyncio.wait(waiting)
                return [_written(each.result(), size) for each, size in zip(waiting, sizes, strict=True)]
        except Exception:
            self._discard(producer)
            raise
        finally:
            for acknowledged in waiting:
                acknowledged.add_done_callback(looked_at)

    async def _enqueue(
        self, producer: AIOKafkaProducer, lot: Draft, waiting: list["_Acknowledged"], sizes: list[int]
    ) -> None:
        if lot.partition not in await producer.partitions_for(lot.topic):
            raise WrongShape(
                f"topic {lot.topic!r} has no partition {lot.partition}, as the uplinks have: all topics need as many",
                topic=lot.topic,
            )
        for batch in lot.batches:
            acknowledged = await producer.send_batch(batch, lot.topic, partition=lot.partition)
            waiting.append(acknowledged)  # at once: whoever breaks off must know of it
            sizes.append(batch.record_count())

    def _drafted(self, lot: Lot | Draft) -> Draft:
        if isinstance(lot, Draft):
            return lot
        draft = self.draft(lot.topic, lot.partition)
        draft.add(lot.records)
        return draft

    async def _current(self) -> AIOKafkaProducer:
        async with self._opening:
            if self._producer is None:
                self._producer = await self._open()
            return self._producer

    async def _open(self) -> AIOKafkaProducer:
        producer = AIOKafkaProducer(
            **self._connection.arguments(),
            acks="all",
            max_batch_size=self._max_batch_bytes,
            request_timeout_ms=self._deadlines.retry_ms,
        )
        try:
            with translated("connecting to write", self._connection.bootstrap):
                async with asyncio.timeout(self._deadlines.start_s):
                    await producer.start()
        except BaseException:
            await self._stopped(producer)
            raise
        return producer

    async def _stopped(self, producer: AIOKafkaProducer) -> None:
        await end_within(self._deadlines.stop_s, producer.stop(), producer.client.close)

    def _discard(self, producer: AIOKafkaProducer) -> None:
        """Give ``producer`` up: the next to write gets a new one. Others' batches in it come to their end."""
        is_first_to_say = self._producer is producer
        if is_first_to_say:
            self._producer = None
            self.recreated += 1
            closing = asyncio.create_task(self._stopped(producer))
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)


class _Place(Protocol):
    """What aiokafka says of a batch (``RecordMetadata``)."""

    @property
    def topic(self) -> str: ...
    @property
    def partition(self) -> int: ...
    @property
    def offset(self) -> int: ...


_Acknowledged = asyncio.Future[_Place]


def _written(place: _Place, records: int) -> Written:
    return Written(place.topic, place.partition, place.offset, records)


def _names(lots: Sequence[Draft]) -> str:
    return ", ".join(sorted({repr(lot.topic) for lot in lots}))
