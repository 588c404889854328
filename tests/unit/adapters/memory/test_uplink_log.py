"""The in-memory uplink log keeps the contract."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from adapters.memory.partition_assignment import MemoryPartitionAssignment
from adapters.memory.uplink_log import MemoryUplinkLog
from tests.contract.uplink_log import OpenReplica, Replica, UplinkLogContract


class TestMemoryUplinkLog(UplinkLogContract):
    @pytest.fixture
    def log(self) -> MemoryUplinkLog:
        return MemoryUplinkLog()

    @pytest.fixture
    def open_replica(self, log: MemoryUplinkLog) -> OpenReplica:
        @asynccontextmanager
        async def opened() -> AsyncIterator[Replica]:
            yield Replica(log, MemoryPartitionAssignment(log))

        return opened
