"""A member of a consumer group: aiokafka's consumer with types, deadlines and the application's errors.

Topics are named, never matched by pattern: a topic more would rebalance the group. Nothing is committed by itself, and
no position is invented: where there is none, the caller says where to begin.
"""

import asyncio
from collections.abc import Collection, Coroutine, Mapping, Sequence
from types import TracebackType
from typing import Self, cast

from aiokafka import AIOKafkaConsumer
from aiokafka.abc import ConsumerRebalanceListener
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError
from aiokafka.structs import TopicPartition

from adapters.kafka.connection import KafkaConnection
from adapters.kafka.deadlines import end_within
from adapters.kafka.errors import application_error, translated
from adapters.kafka.fetch_patience import FetchPatience
from adapters.kafka.log_record import LogRecord
from adapters.kafka.race import at_once, looked_at
from adapters.kafka.takeovers import Takeovers
from application.errors import Fenced, Unavailable

_IDLE_MS = 600_000
"""Without any reading for so long, aiokafka leaves the group, unless a read was ever broken off: from then on it takes
us to be reading for ever. Restoring a partition takes seconds, not minutes."""
_HEARTBEAT_MS = 3_000
"""Also how soon a member hears that the group shares out its partitions anew."""
_METADATA_MS = 30_000
"""How long it may take until a topic is known to have been created anew; aiokafka would look every five minutes."""
_DOUBT_S = 1.0
"""aiokafka forgets what is asked for before it has told everybody of their partitions."""
_NOWHERE = TopicPartition("", -1)
_PROBE_S = 0.1


class GroupConsumer:
    """Reads, seeks and commits; an async context manager. ``subscribe`` joins the group."""

    def __init__(
        self,
        connection: KafkaConnection,
        topics: Sequence[str],
        group: str,
        *,
        gather_ms: int,
        instance_id: str = "",
        session_timeout_s: float = 45.0,
        max_message_bytes: int = 1_048_576,
    ) -> None:
        """Take what to read, and as whom.

        Args:
            connection: the cluster.
            topics: their names.
            group: the consumer group.
            gather_ms: for how long a broker may hold back a few records for company (``fetch_patience``).
            instance_id: the same after a restart (static membership, KIP-345): a restart shorter than the session
                moves no partitions, and a member that is gone blocks its own for that long.
            session_timeout_s: how long the group waits for a sign of life.
            max_message_bytes: ``Topics.max_message_bytes``.
        """
        self.topics = tuple(topics)
        self.group = group
        self.where = connection.bootstrap
        self._connection = connection
        self._deadlines = connection.deadlines
        self._instance_id = instance_id
        self._takeovers = Takeovers(instance_id)
        self._is_new = True
        self._gather_ms = gather_ms
        self._session_ms = int(session_timeout_s * 1_000)
        self._fetch_bytes = 2 * max_message_bytes
        self._consumer: AIOKafkaConsumer | None = None
        self._committing: set[asyncio.Future[None]] = set()

    async def __aenter__(self) -> Self:
        self._consumer = AIOKafkaConsumer(
            **self._connection.arguments(),
            group_id=self.group,
            group_instance_id=self._instance_id or None,
            enable_auto_commit=False,
            auto_offset_reset="none",
            session_timeout_ms=self._session_ms,
            heartbeat_interval_ms=min(_HEARTBEAT_MS, self._session_ms // 5),
            rebalance_timeout_ms=self._deadlines.rebalance_ms,
            max_poll_interval_ms=_IDLE_MS,
            metadata_max_age_ms=_METADATA_MS,
            request_timeout_ms=self._deadlines.group_request_ms,
            max_partition_fetch_bytes=self._fetch_bytes,
        )
        try:
            with translated("connecting to read", self.where):
                async with asyncio.timeout(self._deadlines.start_s):
                    await self._consumer.start()
            FetchPatience(self._consumer._fetcher, self._gather_ms)  # noqa: SLF001  it asks with the same words for ever
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self._close()

    def subscribe(self, listener: ConsumerRebalanceListener | None = None) -> None:
        """Join the group; ``listener`` hears of partitions that are given and taken."""
        self._opened().subscribe(topics=self.topics, listener=listener)

    async def read(
        self, *partitions: TopicPartition, wait_s: float, most: int
    ) -> Mapping[TopicPartition, Sequence[LogRecord]]:
        """Return up to ``most`` records of ``partitions`` (default: all that are ours), none after ``wait_s``.

        Never under a lock that a rebalance may want: during one, this waits for its end.

        Raises:
            KafkaError: as aiokafka says, which names the partition.
        """
        return cast(
            "Mapping[TopicPartition, Sequence[LogRecord]]",
            await self._opened().getmany(*partitions, timeout_ms=int(wait_s * 1_000), max_records=most),
        )

    def at_hand(self, partition: TopicPartition, most: int) -> Sequence[LogRecord]:
        """Return up to ``most`` records of ``partition`` that were fetched before; none while the group rebalances.

        Raises:
            KafkaError: as aiokafka says.
        """
        return self._at_hand(partition, most=most).get(partition, ())

    def all_at_hand(self, most: int) -> Mapping[TopicPartition, Sequence[LogRecord]]:
        """Return up to ``most`` records of all partitions that are ours, fetched before; none during a rebalance.

        Raises:
            KafkaError: as aiokafka says, and nothing was taken.
        """
        return self._at_hand(most=most)

    def _at_hand(self, *partitions: TopicPartition, most: int) -> Mapping[TopicPartition, Sequence[LogRecord]]:
        reading = self._opened().getmany(*partitions, timeout_ms=0, max_records=most)
        return cast("Mapping[TopicPartition, Sequence[LogRecord]] | None", at_once(reading)) or {}

    def seek(self, partition: TopicPartition, offset: int) -> None:
        """Read ``partition`` from ``offset`` on.

        Raises:
            Fenced: the partition is not ours.
        """
        try:
            self._opened().seek(partition, offset)
        except (IllegalStateError, AssertionError) as error:
            raise _not_ours([partition]) from error

    def assigned(self) -> frozenset[TopicPartition]:
        """Return the partitions that are ours now."""
        return frozenset(self._opened().assignment())

    def check_place(self, partitions: Collection[TopicPartition]) -> None:
        """To be called when ``partitions`` were given to us.

        A static member that comes again within its session gets the place it had (KIP-345). If its topic was created
        anew meanwhile, that place may be empty, and nobody would ever notice: so the first one, if empty, is doubted.

        Raises:
            Fenced: another process has our name, and takes our place again and again.
        """
        if partitions:  # nobody fights for an empty place; we ask for it twice ourselves
            self._takeovers.note(self._opened()._coordinator.generation)  # noqa: SLF001  said nowhere else
        is_first, self._is_new = self._is_new, False
        if is_first and not partitions:
            asyncio.get_running_loop().call_later(_DOUBT_S, self._ask_again)

    def _ask_again(self) -> None:
        """Have the group share out its partitions anew, if it is ours to lead."""
        if self._consumer is not None:
            self._consumer._coordinator.request_rejoin()  # noqa: SLF001  aiokafka does so for other reasons only

    async def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Remember for the group where to go on.

        Raises:
            Fenced: a partition is not ours any more; nothing was committed.
            Unavailable: not confirmed in time; it may be committed nevertheless.
        """
        with translated(f"committing for group {self.group!r}", self.where):
            try:
                await self._confirmed(self._opened().commit(dict(offsets)))
            except (CommitFailedError, IllegalStateError) as error:
                raise _not_ours(offsets) from error

    async def committed(self, partition: TopicPartition) -> int | None:
        """Return where the group goes on; None: it never committed."""
        with translated(f"asking where group {self.group!r} goes on", self.where):
            async with asyncio.timeout(self._deadlines.read_s):
                return cast("int | None", await self._opened().committed(partition))

    async def bounds(self, partition: TopicPartition) -> tuple[int, int]:
        """Return the first position the log still holds, and the one after its last record."""
        with translated(f"asking for the bounds of {partition.topic!r}", self.where):
            async with asyncio.timeout(self._deadlines.read_s):
                begin = await self._opened().beginning_offsets([partition])
                end = await self._opened().end_offsets([partition])
        return begin[partition], end[partition]

    async def standing(self, numbers: Sequence[int]) -> Mapping[TopicPartition, tuple[int, int]]:
        """Return where the group goes on, and the position after the last record, of partitions of all our topics.

        Where the group never committed, it goes on at the first record. The ``numbers`` of the partitions are given: a
        consumer that never came to subscribing knows none, and has the more to read.
        """
        with translated(f"asking how far group {self.group!r} is", self.where):
            async with asyncio.timeout(self._deadlines.read_s):
                consumer = self._opened()
                partitions = [TopicPartition(topic, number) for topic in self.topics for number in numbers]
                begins: dict[TopicPartition, int] = await consumer.beginning_offsets(partitions)
                ends: dict[TopicPartition, int] = await consumer.end_offsets(partitions)
                done = await consumer._coordinator.fetch_committed_offsets(partitions)  # noqa: SLF001  all in one request
        committed = {at: each.offset for at, each in done.items() if each.offset >= 0}
        return {at: (max(committed.get(at, 0), begins[at]), end) for at, end in ends.items()}

    async def ends(self, partitions: Sequence[TopicPartition]) -> dict[TopicPartition, int]:
        """Return the position after the last record of each of ``partitions``, ours or not."""
        with translated("asking for ends", self.where):
            async with asyncio.timeout(self._deadlines.read_s):
                return cast("dict[TopicPartition, int]", await self._opened().end_offsets(partitions))

    async def check(self) -> None:
        """Raise what aiokafka's background work met: it tells only those who read, and we may have nothing to read.

        Raises:
            Unavailable, Refused: the group will not have us any more.
        """
        try:
            # Reading from nowhere returns nothing at once, except during a rebalance, whose end it would wait for.
            async with asyncio.timeout(_PROBE_S):
                await self.read(_NOWHERE, wait_s=0.0, most=1)
        except TimeoutError:
            return
        except (KafkaError, OSError) as error:
            raise application_error(error, f"belonging to group {self.group!r}", self.where) from error

    async def _confirmed(self, committing: Coroutine[object, object, None]) -> None:
        """Wait for ``committing`` within its deadline, and leave it alone until we close if it takes longer.

        Cancelled, aiokafka would leave its request behind, and asyncio complain of the error that nobody took.
        """
        task = asyncio.ensure_future(committing)
        self._committing.add(task)
        task.add_done_callback(self._committing.discard)
        task.add_done_callback(looked_at)
        await asyncio.wait({task}, timeout=self._deadlines.commit_s)
        if not task.done():
            raise TimeoutError
        task.result()

    def _opened(self) -> AIOKafkaConsumer:
        if self._consumer is None:
            raise Unavailable(f"the consumer of group {self.group!r} is not open: use `async with`")
        return self._consumer

    async def _close(self) -> None:
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            await end_within(self._deadlines.stop_s, consumer.stop(), consumer._client.close)  # noqa: SLF001  cut the cable
        for task in self._committing:
            task.cancel()


def _not_ours(partitions: Sequence[TopicPartition] | Mapping[TopicPartition, int]) -> Fenced:
    names = ", ".join(f"{partition.topic}/{partition.partition}" for partition in partitions)
    return Fenced(f"{names}: another member of the group owns it now", partitions=names)
