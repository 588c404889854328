"""The topics: their names, which are settings, and the shape that correctness asks of each."""

from msgspec import Struct

_DAY_MS = 86_400_000
_HOUR_MS = 3_600_000
_SEGMENT_BYTES = 64 * 1024 * 1024
"""Of the changelog: only closed segments are compacted, and the broker's default of 1 GiB would hardly close any."""
_LETTER_FACTOR = 2
"""A dead letter holds its message in base64 (4/3 of its size) and a few hundred bytes of its own."""
_COMPACTED = {"cleanup.policy": "compact"}
_KEPT_FOR_A_TIME = {"cleanup.policy": "delete"}


class TopicShape(Struct, frozen=True):
    """What a topic must be like."""

    name: str
    partitions: int
    replication_factor: int
    required: dict[str, str]
    """Configuration without which results would be wrong."""
    preferred: dict[str, str] = {}
    """Configuration given at creation, which operators may change."""


class Topics(Struct, frozen=True, kw_only=True):
    """Names and sizes, from the settings."""

    uplinks: str = "uplinks"
    """Raw messages as they came; key: DevEUI."""
    observations: str = "observations"
    device_states: str = "device-states"
    devices: str = "devices"
    registry: str = "registry"
    """What people said of devices, meters, spots and lamps."""
    radio_metadata: str = "radio-metadata"
    positions: str = "positions"
    """Not written yet: the name is taken for moving devices."""
    activations: str = "activations"
    loss_ledger: str = "loss-ledger"
    dead_letters: str = "dead-letters"
    device_memory: str = "device-memory"
    """The changelog of processing: ours alone."""
    connectors: str = "connectors"
    """What connectors say of themselves every few seconds."""
    backfill: str = "backfill"
    """For which times a network server's store is asked: ours alone."""
    partitions: int = 8
    """Of every topic: a derived record goes to the partition number of its input. Fixed once created."""
    replication_factor: int = 1
    retention_days: int = 30
    """Of all that is not compacted: what can be rebuilt."""
    max_message_bytes: int = 1_048_576
    """Largest record of a topic (dead letters: twice that)."""

    @property
    def retention_ms(self) -> int:
        """How long what is not compacted is kept at least."""
        return self.retention_days * _DAY_MS

    def shapes(self) -> tuple[TopicShape, ...]:
        """Return what every topic must be like."""
        kept = {"retention.ms": str(self.retention_ms)}
        # Replay by time searches by the time of receipt, which only the producer knows.
        by_receipt = {"message.timestamp.type": "CreateTime"}
        return (
            self._shape(self.uplinks, _KEPT_FOR_A_TIME | by_receipt, kept),
            *(
                self._shape(name, _KEPT_FOR_A_TIME, kept)
                for name in (
                    self.observations,
                    self.radio_metadata,
                    self.positions,
                    self.activations,
                    self.dead_letters,
                )
            ),
            self._shape(self.device_states, _COMPACTED, {}),
            self._shape(self.loss_ledger, _COMPACTED, {}),
            self._shape(self.devices, _COMPACTED, {}),
            self._shape(self.registry, _COMPACTED, {}),
            self._shape(self.device_memory, _COMPACTED | _CHANGELOG, _CHANGELOG_SEGMENTS),
            self._shape(self.connectors, _COMPACTED, _HEARTBEAT_SEGMENTS),
            self._shape(self.backfill, _COMPACTED, _HEARTBEAT_SEGMENTS),
        )

    def read_for(self, what: str) -> tuple[str, ...]:
        """Return the topics that a store of ``what`` reads: ``radio_metadata`` or a subject of readings."""
        if what == "radio_metadata":
            return (self.radio_metadata,)
        if what == "devices":
            return (self.observations, self.device_states, self.devices, self.loss_ledger)
        return (self.observations,)

    def limit(self, topic: str) -> int:
        """Return how many bytes a record of ``topic`` may have."""
        return self.max_message_bytes * (_LETTER_FACTOR if topic == self.dead_letters else 1)

    def _shape(self, name: str, required: dict[str, str], preferred: dict[str, str]) -> TopicShape:
        durable = {
            # With acks=all a record is safe once it is on all but one replica …
            "min.insync.replicas": str(max(1, self.replication_factor - 1)),
            # … unless one that lags behind is made leader.
            "unclean.leader.election.enable": "false",
        }
        size = {"max.message.bytes": str(self.limit(name))}
        return TopicShape(name, self.partitions, self.replication_factor, required | size, durable | preferred)


_CHANGELOG = {
    # Compaction keeps the last record of a key, restore the one with the greatest position. An owner that lost its
    # partition without knowing (a paused machine) may append an older one last: for an hour both are kept, which is
    # far longer than any pause after which such a process goes on.
    "min.compaction.lag.ms": str(_HOUR_MS),
}
_HEARTBEAT_SEGMENTS = {
    # 17 connectors every 5 s are 2 MB an hour; whoever asks how they are reads all that is not yet compacted.
    "segment.ms": str(_HOUR_MS),
    "min.cleanable.dirty.ratio": "0.1",
}
_CHANGELOG_SEGMENTS = {
    "segment.bytes": str(_SEGMENT_BYTES),
    "segment.ms": str(_HOUR_MS),
    # Clean when a tenth is old, not half: what is not cleaned is read at every restore.
    "min.cleanable.dirty.ratio": "0.1",
}
