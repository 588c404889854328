"""What some thousand uplinks of the log say today."""

from collections import Counter

from msgspec import Struct, field

from application.processing.batch import Batch
from application.processing.outcome import Outcome
from application.processing.payload_reading import EXPIRED
from application.redecode.job import Job
from domain.device import Memory
from domain.observation import Observation
from domain.radio import Uplink


class Part(Struct):
    """What some thousand uplinks say today."""

    received_us: int
    """Receipt of the newest."""
    observations: dict[str, list[Observation]] = field(default_factory=dict)
    """By device, in the order of the log."""
    read: dict[str, set[int]] = field(default_factory=dict)
    """Receipts of the uplinks that could be read, by device: what was made of them before is compared."""
    dead: Counter[str] = field(default_factory=Counter)
    size: int = 0
    """How much it holds: observations, and uplinks."""
    positions: dict[int, int] = field(default_factory=dict)
    """Of each partition that it is of: the position after its last uplink."""

    def devices(self) -> list[str]:
        """Return whom it speaks of."""
        return sorted(self.read.keys() | self.observations.keys())

    def take(self, job: Job, batch: Batch, outcome: Outcome, memory: Memory, whole_from_us: int = 0) -> None:
        """Add what came of a batch.

        What was made of a payload that cannot be read today stays; so does what was made of one that says nothing
        where the log may lack the beginning of it (received before ``whole_from_us``).
        """
        unread = {(each.dev_eui, each.received_us) for each in outcome.dead_letters if each.reason != EXPIRED}
        telling = {(each.dev_eui, each.written_us) for each in outcome.observations}
        for raw, message in zip(batch.raws, batch.messages, strict=True):
            if not isinstance(message, Uplink) or raw.received_us < job.since_us:
                continue
            self.size += 1
            self.received_us = max(self.received_us, raw.received_us)
            device = message.dev_eui
            place = (device, raw.received_us)
            if not job.takes(device, memory[device].device.device_type) or place in unread:
                continue
            if place in telling or raw.received_us >= whole_from_us:
                self.read.setdefault(device, set()).add(raw.received_us)
        for observation in outcome.observations:
            if observation.written_us >= job.since_us and job.takes(observation.dev_eui, observation.device_type):
                self.observations.setdefault(observation.dev_eui, []).append(observation)
                self.size += 1
        self.dead.update(
            each.reason
            for each in outcome.dead_letters
            if each.received_us >= job.since_us and job.takes(each.dev_eui, each.device_type)
        )
