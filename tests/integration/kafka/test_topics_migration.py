"""Topics are created as they must be, and one that is otherwise is refused and never altered."""

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from adapters.kafka.connection import KafkaConnection
from adapters.kafka.topics import Topics
from adapters.kafka.topics_migration import KafkaTopicsMigration
from application.errors import Refused, WrongShape
from tests.integration.kafka.clients import topics_named
from tests.support.eventually import eventually

pytestmark = pytest.mark.integration


@pytest.fixture
def topics() -> Topics:
    """Topics that are not there yet."""
    return topics_named(partitions=2)


async def create(connection: KafkaConnection, name: str, partitions: int, **configuration: str) -> None:
    """Create one topic by hand."""
    admin = AIOKafkaAdminClient(**connection.arguments())
    await admin.start()
    settings = {key.replace("_", "."): value for key, value in configuration.items()}
    await admin.create_topics([NewTopic(name, partitions, 1, topic_configs=settings)])

    async def is_known() -> bool:
        """Say whether the broker knows by now what its controller has created."""
        return name in await admin.list_topics()

    await eventually(is_known, expected=True)
    await admin.close()


async def test_all_are_created_and_then_fit(connection: KafkaConnection, topics: Topics) -> None:
    async with KafkaTopicsMigration(connection, topics) as migration:
        assert set(await migration.migrate()) == {shape.name for shape in topics.shapes()}
        await migration.check()


async def test_a_second_migration_changes_nothing(connection: KafkaConnection, topics: Topics) -> None:
    async with KafkaTopicsMigration(connection, topics) as migration:
        await migration.migrate()
        assert list(await migration.migrate()) == []


async def test_only_what_is_missing_is_created(connection: KafkaConnection, topics: Topics) -> None:
    await create(connection, topics.activations, 2)
    async with KafkaTopicsMigration(connection, topics) as migration:
        assert topics.activations not in await migration.migrate()
        await migration.check()


async def test_missing_topics_are_all_named_with_the_remedy(connection: KafkaConnection, topics: Topics) -> None:
    async with KafkaTopicsMigration(connection, topics) as migration:
        with pytest.raises(WrongShape, match="run `stadtfunk migrate`") as raised:
            await migration.check()
    assert all(f"topic {shape.name!r} is missing" in raised.value.message for shape in topics.shapes())


async def test_asking_for_a_missing_topic_does_not_create_it(connection: KafkaConnection, topics: Topics) -> None:
    async with KafkaTopicsMigration(connection, topics) as migration:
        for _ in range(2):
            with pytest.raises(WrongShape, match="is missing"):
                await migration.check()


async def test_a_changelog_with_other_partitions_than_its_input_is_refused_and_nothing_is_created(
    connection: KafkaConnection, topics: Topics
) -> None:
    await create(connection, topics.device_memory, 3, cleanup_policy="compact", min_compaction_lag_ms="3600000")
    async with KafkaTopicsMigration(connection, topics) as migration:
        with pytest.raises(WrongShape, match=f"topic '{topics.device_memory}' has 3 partitions, not 2"):
            await migration.migrate()
        with pytest.raises(WrongShape, match=f"topic '{topics.uplinks}' is missing"):
            await migration.check()


async def test_a_changelog_that_is_not_compacted_is_refused(connection: KafkaConnection, topics: Topics) -> None:
    await create(connection, topics.device_memory, 2)
    async with KafkaTopicsMigration(connection, topics) as migration:
        with pytest.raises(WrongShape, match=r"cleanup\.policy=delete, not compact.*min\.compaction\.lag\.ms=0"):
            await migration.migrate()


async def test_a_topic_for_smaller_records_is_refused(connection: KafkaConnection, topics: Topics) -> None:
    await create(connection, topics.uplinks, 2, max_message_bytes="100000")
    async with KafkaTopicsMigration(connection, topics) as migration:
        with pytest.raises(WrongShape, match=r"max\.message\.bytes=100000, not 1048576"):
            await migration.migrate()


async def test_more_replicas_than_brokers_cannot_be_had(connection: KafkaConnection) -> None:
    wanted = topics_named()
    topics = Topics(
        uplinks=wanted.uplinks,
        observations=wanted.observations,
        device_states=wanted.device_states,
        replication_factor=99,
    )
    async with KafkaTopicsMigration(connection, topics) as migration:
        with pytest.raises(Refused, match=r"creating topic .*InvalidReplicationFactor"):
            await migration.migrate()
