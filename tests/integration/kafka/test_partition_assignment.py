"""Kafka's assignment keeps the contract."""

from contextlib import AbstractAsyncContextManager

import pytest

from adapters.kafka.connection import KafkaConnection
from adapters.kafka.topics import Topics
from tests.contract.partition_assignment import PartitionAssignmentContract
from tests.contract.uplink_log import OpenReplica, Replica
from tests.integration.kafka.clients import migrated, opened_replica, topics_named

pytestmark = pytest.mark.integration


class TestKafkaPartitionAssignment(PartitionAssignmentContract):
    @pytest.fixture
    def partitions(self) -> frozenset[int]:
        return frozenset({0, 1, 2})

    @pytest.fixture
    async def topics(self, connection: KafkaConnection, partitions: frozenset[int]) -> Topics:
        return await migrated(connection, topics_named(partitions=len(partitions)))

    @pytest.fixture
    def open_replica(self, connection: KafkaConnection, topics: Topics) -> OpenReplica:
        def opened() -> AbstractAsyncContextManager[Replica]:
            return opened_replica(connection, topics)

        return opened
