"""What must come out: readings, counts of frames, poison; as far as an observer of counters can know it.

A frame no gateway hears leaves a gap, if a later one is heard. So does a frame whose envelope is broken, until it is
mended and replayed. Joins are always heard, and so are the first and the last frame of a session.
"""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from domain.observation import Position


class ExpectedReading(Struct, frozen=True, gc=False, tag="reading", tag_field="kind"):
    """A reading that must be stored exactly once."""

    dev_eui: str
    measurand: str
    channel: str
    event_ns: int
    """The device's clock where it can be believed, else the network's time less the reading's age."""
    value: bool | int | float | str | Position
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


class Incident(Struct, frozen=True, gc=False, tag="incident", tag_field="kind"):
    """Something that happened in the city; what an observer may learn of it shows in readings and frames."""

    what: str
    """``reset``, ``migration``, ``meter_exchange``, ``leak``, ``leak_found``, ``lamp_fault``, ``lamp_replaced``,
    ``dusk``, ``gateway_outage``."""
    subject: str
    """A DevEUI; gateways; of the dusk how many lamps joined."""
    at_ns: int
    """When, ns since 1970-01-01 UTC."""
    detail: str = ""
    """Such as ``1EMH0000000007 → 1EMH0001000007``, or how long it lasts."""


class SessionTruth(Struct):
    """Frames of one session, or of what came of it after a reset; last - first + 1 = received + missing."""

    session: str
    """The network server's name for its keys, where it has one."""
    source: str = ""
    """The network server."""
    is_reset: bool = False
    """It began with a reset, in the session before it; else with a join that was heard."""
    sent: int = 0
    """Frames the device sent."""
    last: int = -1
    """Highest counter heard; ``first`` is 0: a join is heard, and so is the first frame after a reset."""
    heard_ns: int = 0
    """Network time of the latest frame heard."""
    received: int = 0
    duplicate: int = 0
    late: int = 0
    """Of the received: came after a later one."""
    empty: int = 0
    """Of the received: MAC commands only."""
    undecodable: int = 0
    """Of the received: payload broken."""
    logged: int = 0
    """Copies and frames after a reset that the network server dropped, and told of in its log only."""
    dropped: int = 0
    """Frames sent after a reset with counters that the network server had seen before: no observer counts them."""

    @property
    def missing(self) -> int:
        """How many counters up to the last were not heard."""
        return self.last + 1 - self.received

    @property
    def unclaimed(self) -> int:
        """How many frames nobody can know of: sent after the last one heard, or dropped by the server unheard."""
        return self.sent - (self.last + 1) - self.dropped


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
    logged: int = 0
    unclaimed: int = 0
    """Frames sent that no observer can know of."""


Told = ExpectedReading | ExpectedPoison | Incident | DeviceTruth


class Truth(Protocol):
    """Where the truth is told, as it comes to be: a reading when its frame is handed over, devices at the end."""

    def open(self) -> None:
        """Make ready."""

    def tell(self, truth: Told) -> None:
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
        sum(session.logged for session in told),
        sum(session.unclaimed for session in told),
    )
