"""Kafka or Cassandra not there, not answering, or not as this version needs them: one clear line and its exit code."""

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from tests.e2e.platform import ROLES, unused_name
from tests.e2e.role import done
from tests.e2e.world import UPLINKS, World, processed
from tests.support.eventually import until
from tools.services.address import CassandraAddress, KafkaAddress
from tools.services.ports import free_port

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

_ASKS_KAFKA = (("ingest",), ("process",), ("sink",), ("migrate",), ("dead-letters", "list", "--kafka"))


@pytest.fixture
def world(tmp_path: Path, kafka: KafkaAddress, cassandra: CassandraAddress) -> World:
    """Servers that are there, and nothing on them yet."""
    return World(tmp_path, kafka, cassandra, unused_name())


@pytest.fixture
def migrated(tmp_path: Path, kafka: KafkaAddress, cassandra: CassandraAddress, migrated_name: str) -> World:
    """Servers with everything on them, and settings to change."""
    return World(tmp_path, kafka, cassandra, migrated_name)


@pytest.fixture
def silent() -> Iterator[int]:
    """A port where somebody listens and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@pytest.mark.parametrize("words", _ASKS_KAFKA, ids=" ".join)
def test_no_kafka(world: World, words: tuple[str, ...]) -> None:
    nowhere = f"127.0.0.1:{free_port()}"
    world.write(KafkaAddress(nowhere), world.cassandra)
    ended = world.ended(*words)
    assert ended.code == 69
    assert f"no Kafka answers at {nowhere} (Connection refused)" in ended.last_line
    assert "correct kafka.bootstrap" in ended.last_line


def test_a_kafka_that_does_not_answer(world: World, silent: int) -> None:
    world.write(KafkaAddress(f"127.0.0.1:{silent}"), world.cassandra)
    ended = world.ended("process")
    assert ended.code == 69
    assert f"no Kafka answers at 127.0.0.1:{silent}" in ended.last_line


def test_something_else_than_kafka(world: World) -> None:
    world.write(KafkaAddress(f"{world.cassandra.host}:{world.cassandra.port}"), world.cassandra)
    ended = world.ended("ingest")
    assert ended.code == 69
    assert "no Kafka answers at" in ended.last_line


@pytest.mark.parametrize("role", ["sink", "serve"])
def test_no_cassandra(migrated: World, role: str) -> None:
    nowhere = CassandraAddress("127.0.0.1", free_port(), migrated.cassandra.datacenter)
    migrated.write(migrated.kafka, nowhere)
    ended = migrated.ended(role)
    assert ended.code == 69
    assert f"Cassandra does not answer at 127.0.0.1:{nowhere.port}" in ended.last_line
    assert "cassandra.contact_points" in ended.last_line


def test_a_migration_without_cassandra_can_be_repeated(world: World) -> None:
    world.write(world.kafka, CassandraAddress("127.0.0.1", free_port(), world.cassandra.datacenter))
    ended = world.ended("migrate")
    assert ended.code == 69
    assert "Cassandra does not answer" in ended.last_line
    world.write(world.kafka, world.cassandra)
    assert "topics: all there" in done(world.folder, "migrate", "--config", str(world.config))


def test_a_cassandra_that_does_not_answer(world: World, silent: int) -> None:
    world.write(world.kafka, CassandraAddress("127.0.0.1", silent, world.cassandra.datacenter))
    ended = world.ended("serve")
    assert ended.code == 69
    assert f"Cassandra does not answer at 127.0.0.1:{silent}" in ended.last_line


def test_another_data_centre(world: World) -> None:
    world.change(f'local_dc = "{world.cassandra.datacenter}"', 'local_dc = "ulm"')
    ended = world.ended("serve")
    assert ended.code == 2
    assert "has no data centre 'ulm'" in ended.last_line
    assert "set cassandra.local_dc" in ended.last_line


@pytest.mark.parametrize(
    "words", [("ingest",), ("process",), ("sink",), ("dead-letters", "list", "--kafka")], ids=" ".join
)
def test_missing_topics(world: World, words: tuple[str, ...]) -> None:
    ended = world.ended(*words)
    assert ended.code == 78
    assert f"topic '{world.name}-uplinks' is missing" in ended.last_line
    assert ended.last_line.endswith("run `stadtfunk migrate`")


def test_a_missing_keyspace(world: World) -> None:
    ended = world.ended("serve")
    assert ended.code == 78
    assert f"has no keyspace e2e_{world.name}: run `stadtfunk migrate`" in ended.last_line


def test_a_keyspace_of_a_newer_version(world: World) -> None:
    world.migrate()
    world.cql("UPDATE {keyspace}.schema_version SET version = 99 WHERE component = 'tables'")
    for word in ("sink", "serve", "migrate"):
        ended = world.ended(word)
        assert ended.code == 78
        assert "has schema version 99" in ended.last_line
        assert "run the newer stadtfunk" in ended.last_line


@pytest.mark.parametrize("words", [(role,) for role in ROLES if role != "serve"] + [("migrate",)], ids=" ".join)
def test_another_number_of_partitions(migrated: World, words: tuple[str, ...]) -> None:
    migrated.change("partitions = 2", "partitions = 3")
    ended = migrated.ended(*words)
    assert ended.code == 78
    assert f"topic '{migrated.name}-uplinks' has 2 partitions, not 3" in ended.last_line
    assert "correct the topic or the settings; nothing was altered" in ended.last_line


def test_more_replicas_than_brokers(world: World) -> None:
    world.change("partitions = 2\nreplication_factor = 1", "partitions = 2\nreplication_factor = 3")
    ended = world.ended("migrate")
    assert ended.code == 2
    assert "correct the settings" in ended.last_line


def test_a_taken_port(migrated: World) -> None:
    with socket.create_server(("127.0.0.1", migrated.port)):
        ended = migrated.ended("serve")
    assert ended.code == 2
    assert f"127.0.0.1:{migrated.port} is taken by another process" in ended.last_line


async def test_processing_stops_when_its_topic_is_deleted_and_does_not_go_on_with_a_new_one(world: World) -> None:
    await asyncio.to_thread(world.migrate)
    with world.role("ingest") as ingest, world.role("process") as process:
        await until(lambda: processed(process) >= UPLINKS // 2, deadline_s=60)
        assert ingest.end() == 0
        await _delete(world.kafka, f"{world.name}-uplinks")
        assert await asyncio.to_thread(process.wait, 100) == 78, process.said()
    assert f"stadtfunk: topic '{world.name}-uplinks' is missing: run `stadtfunk migrate`" in process.said()
    await asyncio.to_thread(world.migrate)
    recreated = await asyncio.to_thread(world.ended, "process")
    assert recreated.code == 78
    assert "the topic was created anew" in recreated.last_line
    assert "Nothing is skipped silently" in recreated.last_line


async def _delete(kafka: KafkaAddress, topic: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap, client_id=f"hostile-{uuid4().hex[:8]}")
    await admin.start()
    await admin.delete_topics([topic])
    await admin.close()
