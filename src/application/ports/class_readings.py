"""Readings of all devices by data class and time."""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from msgspec import Struct

from application.ports.reading_query import WITHDRAWN, StoredReading
from domain.observation import DataClass, data_class_of

Place = tuple[int, str, str, str]
"""Event time (ns), DevEUI, measurand, channel: where a reading stands among those of its class."""


class ClassFilter(Struct, frozen=True):
    """Which readings are asked for."""

    data_class: DataClass
    """Of their measurand, by the catalogue; what the registry says of a device is not looked at."""
    since_ns: int
    """First instant, inclusive."""
    until_ns: int
    """Last instant, exclusive."""
    measurands: frozenset[str] = frozenset()
    """Empty: all of the class."""
    device_types: frozenset[str] = frozenset()
    """Empty: all."""
    after: Place | None = None
    """The last reading already seen; None: none."""

    def takes(self, stored: StoredReading) -> bool:
        """Say whether ``stored`` is asked for."""
        measurand = stored.reading.measurand
        return (
            self.since_ns <= stored.event_ns < self.until_ns
            and (not self.measurands or measurand in self.measurands)
            and data_class_of(measurand) is self.data_class
            and (not self.device_types or stored.device_type in self.device_types)
            and stored.reading.quality != WITHDRAWN
            and (self.after is None or place_of(stored) > self.after)
        )


def place_of(stored: StoredReading) -> Place:
    """Return where ``stored`` stands among the readings of its class: oldest first."""
    return stored.event_ns, stored.dev_eui, stored.reading.measurand, stored.reading.channel


class ClassReadings(Protocol):
    """Never answers a reading that was withdrawn. Promises: tests/contract/class_readings.py."""

    def stream(self, asked: ClassFilter) -> AsyncIterator[Sequence[StoredReading]]:
        """Yield what is asked for, oldest first, then by DevEUI, measurand and channel, in chunks of at most 1,000.

        Raises:
            Unavailable: the store does not answer.
            Unfinished: it is being migrated, and would not answer all.
        """
