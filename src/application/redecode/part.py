"""What some thousand uplinks of the log say today."""

from collections import Counter

from msgspec import Struct, field

from application.processing.batch import Batch
from application.processing.outcome import Outcome
from application.redecode.job import Job
from domain.device import Memory
from domain.observation import Observation
from domain.radio import Uplink


class Part(Struct):
    """What some thousand uplinks say today."""

    received_us: int
    """Receipt of the newest."""
    observations: list[Observation] = field(default_factory=list)
    read: dict[str, set[int]] = field(default_factory=dict)
    """Receipts of the uplinks that could be read, by device: what was made of them before is compared."""
    dead: Counter[str] = field(default_factory=Counter)

    def take(self, job: Job, batch: Batch, outcome: Outcome, memory: Memory) -> None:
        """Add what came of a batch; a payload that cannot be read today keeps what was made of it."""
        dead = {(each.dev_eui, each.received_us) for each in outcome.dead_letters}
        for raw, message in zip(batch.raws, batch.messages, strict=True):
            if not isinstance(message, Uplink) or raw.received_us < job.since_us:
                continue
            self.received_us = max(self.received_us, raw.received_us)
            device = message.dev_eui
            is_read = (device, raw.received_us) not in dead
            if is_read and job.takes(device, memory[device].device.device_type):
                self.read.setdefault(device, set()).add(raw.received_us)
        self.observations += [
            each
            for each in outcome.observations
            if each.written_us >= job.since_us
            and job.takes(each.dev_eui, each.device_type)
            and each.dev_eui in self.read
        ]
        self.dead.update(
            each.reason
            for each in outcome.dead_letters
            if each.received_us >= job.since_us and job.takes(each.dev_eui, each.device_type)
        )
