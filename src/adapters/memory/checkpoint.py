"""The checkpoint in memory: results go straight to the stores, memory and position stay here.

It cannot survive its process; what it shows in tests is the order of the steps, and a kill between any two of them.
"""

from collections.abc import Callable

from adapters.memory.loss_days import MemoryLossDays
from application.ports.checkpoint import Restored
from application.ports.dead_letters import DeadLetters
from application.ports.device_registry import DeviceRegistry
from application.ports.device_states import DeviceStates
from application.ports.loss_days import LossDays
from application.ports.observation_store import ObservationStore
from application.processing.outcome import Outcome
from domain.device import DeviceMemory
from domain.radio import Activation, ConnectionInfo


def _nothing(_: str) -> None:
    """Pass a crash point."""


class MemoryCheckpoint:
    """Keeps memory and position by partition.

    Args:
        observations: where observations go; the other stores likewise.
        states: see above.
        devices: see above.
        dead_letters: see above.
        losses: see above; without it nobody reads them.
        at: told ``results_written``, ``memory_written`` and ``position_written``, where a kill is tried.
    """

    def __init__(
        self,
        observations: ObservationStore,
        states: DeviceStates,
        devices: DeviceRegistry,
        dead_letters: DeadLetters,
        at: Callable[[str], None] = _nothing,
        losses: LossDays | None = None,
    ) -> None:
        self._observations = observations
        self._states = states
        self._devices = devices
        self._dead_letters = dead_letters
        self._losses = losses or MemoryLossDays()
        self._at = at
        self._memories: dict[int, dict[str, DeviceMemory]] = {}
        self._offsets: dict[int, int] = {}
        self.connections: list[ConnectionInfo] = []
        """Radio metadata as it came; a repeated commit repeats it."""
        self.activations: list[Activation] = []
        """As above."""
        self._taken: dict[int, Outcome] = {}
        self._shown: dict[int, dict[str, DeviceMemory]] = {}
        """What was restored, and taken since."""

    async def restore(self, partition: int) -> Restored:
        self._taken.pop(partition, None)
        shown = self._shown[partition] = dict(self._memories.get(partition, {}))
        return Restored(shown, self._offsets.get(partition, 0))

    def take(self, partition: int, outcome: Outcome) -> None:
        self._taken.setdefault(partition, Outcome()).add(outcome)
        self._shown.setdefault(partition, {}).update(outcome.memory)

    async def commit(self, partition: int, next_offset: int) -> None:
        outcome = self._taken.pop(partition, None) or Outcome()
        await self._observations.write(outcome.observations)
        await self._states.write(outcome.states)
        await self._devices.register(outcome.devices)
        await self._dead_letters.add(outcome.dead_letters)
        await self._losses.write(outcome.losses)
        self.connections.extend(outcome.connections)
        self.activations.extend(outcome.activations)
        self._at("results_written")
        self._memories.setdefault(partition, {}).update(outcome.memory)
        self._at("memory_written")
        self._offsets[partition] = next_offset
        self._at("position_written")
