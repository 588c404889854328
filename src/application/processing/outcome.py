"""What came out of a batch of uplinks: values only, nothing has happened yet."""

from msgspec import Struct, field

from application.ports.dead_letters import DeadLetter
from application.stage_counts import StageCounts
from domain.device import Device, DeviceMemory, DeviceState
from domain.observation import Observation
from domain.radio import Activation, ConnectionInfo, LossDay


class Outcome(Struct):
    """Results of one batch of one partition, in the order of the uplinks."""

    observations: list[Observation] = field(default_factory=list)
    states: list[DeviceState] = field(default_factory=list)
    """One per device that changed, after its last uplink of the batch."""
    devices: list[Device] = field(default_factory=list)
    """Devices that registered or changed what is known of them."""
    connections: list[ConnectionInfo] = field(default_factory=list)
    activations: list[Activation] = field(default_factory=list)
    dead_letters: list[DeadLetter] = field(default_factory=list)
    memory: dict[str, DeviceMemory] = field(default_factory=dict)
    """The devices that changed; to be taken over once the outcome is durable."""
    counts: StageCounts = field(default_factory=StageCounts)
    losses: list[LossDay] = field(default_factory=list)
    """Rows of the loss ledger that changed: of each device, day and source the last."""

    def add(self, following: "Outcome") -> None:
        """Add what came out of the messages that follow."""
        self.observations += following.observations
        self.states += following.states
        self.devices += following.devices
        self.connections += following.connections
        self.activations += following.activations
        self.dead_letters += following.dead_letters
        self.memory.update(following.memory)
        self.counts.add(following.counts)
        self.losses += following.losses
