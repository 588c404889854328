"""What processing derived, read from its topics by the group of the sinks.

A record that cannot be read becomes a dead letter and its neighbours go on. Positions are committed only for partitions
that are ours and were all the time since their records were read: another sink may have them, and store them again.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from types import TracebackType
from typing import Self, TypeVar

import msgspec
from aiokafka.errors import ConsumerStoppedError, KafkaError, NoOffsetForPartitionError
from aiokafka.structs import TopicPartition
from msgspec import Struct

from adapters.kafka.connection import KafkaConnection
from adapters.kafka.errors import application_error
from adapters.kafka.group_consumer import GroupConsumer
from adapters.kafka.log_record import DECODING_ERRORS, LogRecord
from adapters.kafka.race import unless
from adapters.kafka.rebalance_listener import RebalanceListener
from adapters.kafka.topics import Topics
from application.errors import Fenced
from application.ports.backlog import Standing
from application.ports.dead_letters import DeadLetter
from application.ports.derived_feed import Derived, Place
from domain.device import Device, DeviceState
from domain.observation import Observation
from domain.radio import ConnectionInfo, LossDay
from domain.rfc3339 import LAST_S

_WAIT_S = 1.0
_GATHER_MS = 15
"""Rows may take 100 ms, and Cassandra is what larger batches spare most (docs/cassandra.md)."""
_MOST = 20_000
"""Records of a batch, if so many wait: of all states of a device in it only the last is stored, and of its losses."""
_PART = 256
"""Records that are read and decoded at once, and freed before the next are made: some 150 kB, which is in the cache
still, and which the garbage collector never sees."""
_LAST_MS = LAST_S * 1_000 + 999
"""Whoever writes a record may give it any time stamp, and the desk shows times."""
_T = TypeVar("_T", Observation, DeviceState, Device, LossDay, ConnectionInfo)
_Found = Mapping[TopicPartition, Sequence[LogRecord]]
_OBSERVATIONS = msgspec.json.Decoder(Observation)
_STATES = msgspec.json.Decoder(DeviceState)
_DEVICES = msgspec.json.Decoder(Device)
_LOSSES = msgspec.json.Decoder(LossDay)
_CONNECTIONS = msgspec.json.Decoder(ConnectionInfo)


class _Token(Struct, frozen=True):
    """What commits a batch."""

    generation: int
    offsets: Mapping[TopicPartition, int]


class KafkaDerivedFeed:
    """Member of the sinks' group; an async context manager."""

    def __init__(
        self,
        connection: KafkaConnection,
        topics: Topics,
        group: str,
        *,
        reads: Sequence[str] = (),
        instance_id: str = "",
        session_timeout_s: float = 45.0,
        place: Place | None = None,
    ) -> None:
        """Take what to read, and as whom: topics of derived records, without ``reads`` those of the whole sink.

        Given a ``place``, it outweighs what the group committed, and nothing before it comes again. It is for a store
        of one process: a partition that was another's in between would go on at our own old place.
        """
        self._topics = topics
        self._where = connection.bootstrap
        self._place = place
        self._session_timeout_s = session_timeout_s
        self._consumer = GroupConsumer(
            connection,
            reads or (topics.observations, topics.device_states, topics.devices, topics.loss_ledger),
            group,
            gather_ms=_GATHER_MS,
            instance_id=instance_id,
            session_timeout_s=session_timeout_s,
            max_message_bytes=topics.max_message_bytes,
        )
        self._stopped: asyncio.Future[None] | None = None
        self._is_stopping = False
        self._untold: set[TopicPartition] = set()
        """Partitions of whose places the group may not know: a kill came between the store and the commit."""
        self._generation = 0
        self._failure: Exception | None = None
        self._failed: Exception | None = None
        """What the last read met behind what it found."""
        self.fenced = 0
        """How often a batch was not committed because its partitions had been taken away."""

    async def __aenter__(self) -> Self:
        await self._consumer.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self._consumer.__aexit__(kind, error, at)

    async def read(self) -> AsyncIterator[Derived]:
        if self._stopped is None:
            self._stopped = asyncio.get_running_loop().create_future()
            self._consumer.subscribe(RebalanceListener(self._given, self._taken, self._fail))
        while not self._is_stopping:
            try:
                found = await unless(self._stopped, self._next())
            except NoOffsetForPartitionError as error:
                await self._begin(error.args[0])
                continue
            except ConsumerStoppedError:
                return
            except (KafkaError, OSError) as error:
                raise application_error(error, "reading what was derived", self._where) from error
            if self._failure is not None:
                raise self._failure
            if found is not None and found.places:
                yield found

    async def commit(self, batch: Derived) -> None:
        token = batch.token
        if not isinstance(token, _Token):
            raise TypeError(f"{token!r} is no token of this feed")
        if token.generation != self._generation:
            self.fenced += 1
            return
        try:
            await self._consumer.commit(token.offsets)
        except Fenced:
            self.fenced += 1

    async def standing(self) -> Mapping[str, Standing]:
        """Return how far the group is in each partition of what it reads (``application.ports.backlog``)."""
        found = await self._consumer.standing(range(self._topics.partitions))
        ours, others_s = self._consumer.assigned(), self._session_timeout_s
        return {_named(at): Standing(*span, 0.0 if at in ours else others_s) for at, span in found.items()}

    async def stop(self) -> None:
        self._is_stopping = True
        if self._stopped is not None and not self._stopped.done():
            self._stopped.set_result(None)

    async def _next(self) -> Derived:
        """Return what waits, or what comes first, read and decoded in parts: a part is still in the cache."""
        failed, self._failed = self._failed, None
        if failed is not None:
            raise failed
        found = await self._consumer.read(wait_s=_WAIT_S, most=_PART)
        # Before anybody else runs: what was found belongs to the partitions that are ours at this moment.
        # Nothing may ever follow what was stored: without a commit it would look like a backlog that nobody works on.
        untold, self._untold = self._untold, set()
        offsets = {partition: place for partition in untold if (place := self._placed(partition)) is not None}
        gathered, left = _Gathered(self._topics), _MOST
        while found:
            for partition, records in found.items():
                offsets[partition] = records[-1].offset + 1
                gathered.add(partition, _not_stored(records, self._placed(partition)))
                left -= len(records)
            found = self._more(min(left, _PART)) if left > 0 else {}
        return gathered.batch(_Token(self._generation, offsets))

    def _more(self, most: int) -> _Found:
        try:
            return self._consumer.all_at_hand(most)
        except (KafkaError, OSError) as error:
            self._failed = error  # aiokafka says it once: it is raised when what was found before is on its way
            return {}

    async def _begin(self, partition: TopicPartition) -> None:
        """Read from its beginning what the group never committed; only that: a lost position is an error."""
        begin, _ = await self._consumer.bounds(partition)
        with contextlib.suppress(Fenced):
            self._consumer.seek(partition, begin)

    async def _given(self, partitions: Collection[TopicPartition]) -> None:
        self._generation += 1
        # Before anything is awaited: nobody has asked the group where it goes on, so nothing is read from there.
        for partition in partitions:
            if (place := self._placed(partition)) is not None:
                self._consumer.seek(partition, place)
                self._untold.add(partition)
        self._consumer.check_place(partitions)

    def _placed(self, partition: TopicPartition) -> int | None:
        return self._place(_named(partition)) if self._place is not None else None

    async def _taken(self, _: Collection[TopicPartition]) -> None:
        self._generation += 1
        self._untold.clear()

    def _fail(self, error: Exception) -> None:
        self._failure = error


class _Gathered:
    """A batch in the making."""

    def __init__(self, topics: Topics) -> None:
        self._observations: list[Observation] = []
        self._states: list[DeviceState] = []
        self._devices: list[Device] = []
        self._losses: list[LossDay] = []
        self._connections: list[ConnectionInfo] = []
        self._unreadable: list[DeadLetter] = []
        self._topics = topics

    def add(self, partition: TopicPartition, records: Sequence[LogRecord]) -> None:
        """Take what the records of a partition hold."""
        topic = partition.topic
        if topic == self._topics.observations:
            _decode(_OBSERVATIONS, partition, records, self._observations, self._unreadable)
        elif topic == self._topics.device_states:
            _decode(_STATES, partition, records, self._states, self._unreadable)
        elif topic == self._topics.loss_ledger:
            _decode(_LOSSES, partition, records, self._losses, self._unreadable)
        elif topic == self._topics.radio_metadata:
            _decode(_CONNECTIONS, partition, records, self._connections, self._unreadable)
        else:
            _decode(_DEVICES, partition, records, self._devices, self._unreadable)

    def batch(self, token: _Token) -> Derived:
        """Return all of it."""
        places = {_named(partition): offset for partition, offset in token.offsets.items()}
        results = self._observations, self._states, self._devices, self._unreadable
        return Derived(*results, token, self._losses, self._connections, places)


def _named(partition: TopicPartition) -> str:
    return f"{partition.topic}/{partition.partition}"


def _not_stored(records: Sequence[LogRecord], place: int | None) -> Sequence[LogRecord]:
    """Return the ``records`` from ``place`` on; those before it were in hand while partitions were shared out anew."""
    if place is None or not records or records[0].offset >= place:
        return records
    return [record for record in records if record.offset >= place]


def _decode(
    decoder: msgspec.json.Decoder[_T],
    partition: TopicPartition,
    records: Sequence[LogRecord],
    into: list[_T],
    unreadable: list[DeadLetter],
) -> None:
    decode = decoder.decode
    for record in records:
        if record.value is None:
            continue  # a tombstone: its key was erased, by somebody who erases it in the stores too
        try:
            into.append(decode(record.value))
        except DECODING_ERRORS as error:
            unreadable.append(_letter(partition, record, error))


def _letter(partition: TopicPartition, record: LogRecord, error: Exception) -> DeadLetter:
    reason = "record_unreadable"
    topic, number = partition.topic, partition.partition
    return DeadLetter(
        letter_id=f"{reason}-{topic}-{number}-{record.offset}",
        reason=reason,
        stage="sink",
        detail=f"a record of topic {topic!r} cannot be read: {error}; only stadtfunk may write there",
        origin=f"{topic}/{number}@{record.offset}",
        source="",
        topic=topic,
        received_us=min(max(0, record.timestamp), _LAST_MS) * 1_000,
        body=record.value or b"",
        dev_eui=(record.key or b"").decode(errors="replace"),
    )
