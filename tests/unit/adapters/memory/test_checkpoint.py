"""The in-memory checkpoint keeps the contract, so far as one that ends with its process can."""

from collections.abc import Awaitable, Callable

import pytest

from adapters.memory.checkpoint import MemoryCheckpoint, _nothing
from adapters.memory.dead_letters import MemoryDeadLetters
from adapters.memory.device_registry import MemoryDeviceRegistry
from adapters.memory.device_states import MemoryDeviceStates
from adapters.memory.loss_days import MemoryLossDays
from adapters.memory.observation_store import MemoryObservationStore
from application.ports.checkpoint import Checkpoint
from tests.contract.checkpoint import CheckpointContract, OpenCheckpoint
from tests.contract.stream import Results, newest_losses


class TestMemoryCheckpoint(CheckpointContract):
    crash_points = ("results_written", "memory_written", "position_written")

    @pytest.fixture
    def checkpoint(self) -> MemoryCheckpoint:
        return MemoryCheckpoint(
            MemoryObservationStore(), MemoryDeviceStates(), MemoryDeviceRegistry(), MemoryDeadLetters()
        )

    @pytest.fixture
    def open_checkpoint(self, checkpoint: MemoryCheckpoint) -> OpenCheckpoint:
        async def opened(at: Callable[[str], None] = _nothing) -> Checkpoint:
            checkpoint._at = at
            return checkpoint

        return opened

    @pytest.fixture
    def results(self, checkpoint: MemoryCheckpoint) -> Callable[[], Awaitable[Results]]:
        async def read() -> Results:
            assert isinstance(checkpoint._observations, MemoryObservationStore)
            assert isinstance(checkpoint._states, MemoryDeviceStates)
            assert isinstance(checkpoint._devices, MemoryDeviceRegistry)
            assert isinstance(checkpoint._dead_letters, MemoryDeadLetters)
            assert isinstance(checkpoint._losses, MemoryLossDays)
            return Results(
                {
                    (device, *key): (stored.written_us, stored.reading.value)
                    for device, readings in checkpoint._observations._devices.items()
                    for key, stored in readings.items()
                },
                dict(checkpoint._states._states),  # type: ignore[arg-type]  # DevEui is a str
                dict(checkpoint._devices._devices),  # type: ignore[arg-type]  # likewise
                checkpoint._dead_letters._letters,
                newest_losses(checkpoint._losses._rows.values()),
            )

        return read
