"""What must come out: readings, counts of frames, poison; as far as an observer of counters can know it.

A frame no gateway hears leaves a gap, if a later one is heard. So does a frame whose envelope is broken, until it is
mended and replayed. Joins are always heard, and so are the first and the last frame of a session.
"""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct


class ExpectedReading(Struct, frozen=True, gc=False, tag="reading", tag_field="kind"):
    """A reading that must be stored exactly once."""

    dev_eui: str
    measurand: str
    channel: str
    event_ns: int
    """The device's clock where it can be believed, else the network's time less the reading's age."""
    value: bool | int | float | str
    """Registers: an exact integer, times 10^``exponent`` of the measurand's unit."""
    exponent: int = 0


class ExpectedPoison(Struct, frozen=True, gc=False, tag="poison", tag_field="kind"):
    """A message that must end among the dead letters."""

    dev_eui: str
    topic: str
    broken: str
    """``envelope``: missing until replayed; ``payload``: received and undecodable."""
    how: str
    """What was done to it."""
    f_cnt: int


class SessionTruth(Struct):
    """Frames of one session; last - first + 1 = received + missing."""

    session: str
    """The network server's name for its keys."""
    last: int = -1
    """Highest counter heard; ``first`` is 0, because the join is heard."""
    received: int = 0
    duplicate: int = 0
    late: int = 0
    """Of the received: came after a later one."""
    empty: int = 0
    """Of the received: MAC commands only."""
    undecodable: int = 0
    """Of the received: payload broken."""

    @property
    def missing(self) -> int:
        """How many counters up to the last were not heard."""
        return self.last + 1 - self.received


class DeviceTruth(Struct, frozen=True, tag="device", tag_field="kind"):
    """Frames of one device, over all its sessions."""

    dev_eui: str
    fleet: str
    device_id: str
    application_id: str
    sessions: Sequence[SessionTruth]
    received: int
    missing: int
    duplicate: int
    late: int
    empty: int
    undecodable: int


class Truth(Protocol):
    """Where the truth is told, as it comes to be: a reading when its frame is handed over, devices at the end."""

    def open(self) -> None:
        """Make ready."""

    def tell(self, truth: ExpectedReading | ExpectedPoison | DeviceTruth) -> None:
        """Keep one truth."""

    def close(self) -> None:
        """Nothing more will be told; may be called again."""


def of_device(
    dev_eui: str, fleet: str, device_id: str, application_id: str, told: Sequence[SessionTruth]
) -> DeviceTruth:
    """Return the truth of a device from that of its sessions."""
    return DeviceTruth(
        dev_eui,
        fleet,
        device_id,
        application_id,
        told,
        sum(session.received for session in told),
        sum(session.missing for session in told),
        sum(session.duplicate for session in told),
        sum(session.late for session in told),
        sum(session.empty for session in told),
        sum(session.undecodable for session in told),
    )
