"""The one-partition assignment keeps the contract."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from adapters.memory.partition_assignment import MemoryPartitionAssignment
from adapters.memory.uplink_log import MemoryUplinkLog
from tests.contract.partition_assignment import PartitionAssignmentContract
from tests.contract.uplink_log import OpenReplica, Replica


class TestMemoryPartitionAssignment(PartitionAssignmentContract):
    @pytest.fixture
    def open_replica(self) -> OpenReplica:
        @asynccontextmanager
        async def opened() -> AsyncIterator[Replica]:
            log = MemoryUplinkLog()
            yield Replica(log, MemoryPartitionAssignment(log))

        return opened
