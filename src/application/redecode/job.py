"""A job over the raw log, and what comes of it."""

from collections import Counter

from msgspec import Struct, field

from application.ports.reading_query import StoredReading
from domain.observation import Observation, Reading


class Job(Struct, frozen=True):
    """What is to be read again."""

    since_us: int
    """First receipt, µs since 1970-01-01 UTC, inclusive."""
    until_us: int
    """Last receipt, exclusive."""
    started_us: int
    """Write time of all that the job writes; a repeat of a killed job may give its own."""
    device_types: frozenset[str] = frozenset()
    """Empty: all."""
    devices: frozenset[str] = frozenset()
    """Empty: all."""

    def takes(self, dev_eui: str, device_type: str) -> bool:
        """Say whether the job is about a device."""
        return (not self.device_types or device_type in self.device_types) and (
            not self.devices or dev_eui in self.devices
        )


class Difference(Struct, frozen=True):
    """A reading that differs: ``before`` is None where there was none, ``after`` where there is none any more."""

    dev_eui: str
    event_ns: int
    measurand: str
    channel: str
    before: StoredReading | None
    after: Reading | None
    said_by: Observation | None
    """What ``after`` is part of."""


class Redecoded(Struct):
    """What a job did, or in a dry run would do."""

    uplinks: int = 0
    """Read from the log, the warm-up included."""
    observations: int = 0
    same: int = 0
    added: int = 0
    changed: int = 0
    withdrawn: int = 0
    dead: Counter[str] = field(default_factory=Counter)
    """Payloads that cannot be read by today's decoders either, by reason."""

    def count(self, difference: Difference) -> None:
        """Add one difference."""
        if difference.before is None:
            self.added += 1
        elif difference.after is None:
            self.withdrawn += 1
        else:
            self.changed += 1
