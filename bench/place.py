"""A place of a run's own on Kafka and Cassandra: topics, groups and a keyspace that nobody else uses."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, cast

import msgspec
from aiokafka.admin import AIOKafkaAdminClient
from cassandra.cluster import Session
from cassandra.query import SimpleStatement
from msgspec import Struct

from adapters.cassandra.connection import connected, disconnect
from adapters.cassandra.durability import COMMIT_LOG_SYNC
from adapters.kafka.partition_reader import PartitionReader
from application.processing.frame_totals import FrameTotals
from bench.checks import Stored
from domain.device import DeviceState
from stadtfunk.adapter_settings import cassandra_cluster, kafka_connection, kafka_topics
from stadtfunk.container.distributed import Distributed
from stadtfunk.settings import CassandraSettings, KafkaSettings, Settings
from stadtfunk.settings.model import TopicNames

PARTITIONS = 4
DERIVED = ("observations", "device_states", "devices", "loss_ledger")
"""Topics that the sink reads."""
_AT_ONCE = 5_000
_TIMEOUT_S = 60.0
_STATE = msgspec.json.Decoder(DeviceState)


class Place(Struct, frozen=True):
    """Where, and under which names."""

    bootstrap: str
    cassandra_host: str
    cassandra_port: int
    datacenter: str
    name: str
    """Part of all names; letters, digits and ``_``."""

    def settings(self) -> Settings:
        """Return what a role that works here is told."""
        names = TopicNames(**{field: f"{self.name}-{field}" for field in TopicNames.__struct_fields__})
        kafka = KafkaSettings(
            bootstrap=self.bootstrap,
            process_group=f"{self.name}-process",
            sink_group=f"{self.name}-sink",
            partitions=PARTITIONS,
            topics=names,
        )
        cassandra = CassandraSettings(
            contact_points=[self.cassandra_host],
            port=self.cassandra_port,
            local_dc=self.datacenter,
            keyspace=self.name,
        )
        return Settings(kafka=kafka, cassandra=cassandra)


async def create(place: Place) -> None:
    """Make topics and keyspace, as ``stadtfunk migrate`` does."""
    container = Distributed(settings=place.settings())
    async with container.topics_migration() as topics:
        await topics.migrate()
    await container.cassandra_migration().migrate()


async def remove(place: Place) -> None:
    """Remove them."""
    settings = place.settings()
    admin = AIOKafkaAdminClient(**kafka_connection(settings.kafka).arguments())
    await admin.start()
    try:
        await admin.delete_topics([shape.name for shape in kafka_topics(settings.kafka).shapes()])
    finally:
        await admin.close()
    drop_keyspace(place)


def drop_keyspace(place: Place) -> None:
    """Remove the keyspace alone."""
    with _session(place) as session:
        session.execute(f"DROP KEYSPACE {place.name}", timeout=_TIMEOUT_S)


def commit_log(place: Place) -> str:
    """Return when the node flushes its commit log: ``batch``, ``group`` or ``periodic``."""
    with _session(place) as session:
        return str(session.execute(COMMIT_LOG_SYNC).one()[0])


async def records(place: Place, *topics: str) -> int:
    """Return how many records were ever written to ``topics``, by the names of their settings."""
    settings = place.settings().kafka
    total = 0
    for topic in topics:
        name = getattr(settings.topics, topic)
        async with PartitionReader(kafka_connection(settings), name, range(PARTITIONS)) as reader:
            total += sum((await reader.ends()).values())
    return total


def derived(place: Place) -> int:
    """Return how many records the sink has to store in all."""
    return asyncio.run(records(place, *DERIVED))


async def stored(place: Place) -> Stored:
    """Return what the place holds, read back from the stores."""
    uplinks, letters = await records(place, "uplinks"), await records(place, "dead_letters")
    with _session(place) as session:
        session.set_keyspace(place.name)
        readings = [len(cells) for [cells] in _rows(session, "SELECT readings FROM observations")]
        states = [text for [text] in _rows(session, "SELECT state FROM states")]
    return Stored(uplinks, len(readings), sum(readings), letters, _frames(states))


@contextmanager
def _session(place: Place) -> Iterator[Session]:
    session = connected(cassandra_cluster(place.settings().cassandra))
    try:
        yield session
    finally:
        disconnect(session)


def _rows(session: Session, cql: str) -> Iterable[tuple[Any, ...]]:
    """Return all rows of a table, page by page."""
    statement = SimpleStatement(cql, fetch_size=_AT_ONCE)
    return cast("Iterable[tuple[Any, ...]]", session.execute(statement, timeout=_TIMEOUT_S))


def _frames(states: Iterable[str]) -> FrameTotals:
    total = FrameTotals()
    for state in map(_STATE.decode, states):
        total.devices += 1
        for frames in state.frames:
            total.received += frames.received
            total.missing += frames.missing
            total.duplicate += frames.duplicate
    return total
