"""Device memories in memory keep their contract."""

from collections.abc import Sequence

import pytest

from adapters.memory.device_memories import MemoryDeviceMemories
from domain.device import DeviceMemory
from tests.contract.device_memories import DeviceMemoriesContract, Remembering


class TestMemory(DeviceMemoriesContract):
    @pytest.fixture
    def remembering(self) -> Remembering:
        async def remember(memories: Sequence[DeviceMemory]) -> MemoryDeviceMemories:
            return MemoryDeviceMemories({each.device.dev_eui: each for each in memories})

        return remember
