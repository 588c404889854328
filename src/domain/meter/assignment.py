"""Which meter hung at which point, and which device read it, from when to when.

Three kinds of exchange follow from the two: the meter (a new meter at the point, read by the same or another device),
the radio module (a new device at the meter), or both.
"""

from collections.abc import Iterable

from msgspec import Struct

from domain.dated import dated_key
from domain.errors import DomainError, InvalidValue
from domain.identifiers import DevEui
from domain.meter.identifiers import MeterId, PointId
from domain.observation import Kind, channel, measurand

LORAWAN, GATEWAY = TRANSPORTS = ("lorawan", "smart_meter_gateway")
OPEN_NS = 2**63 - 1
"""The end of what has not ended."""


class AssignmentsOverlap(DomainError):
    """Two assignments claim the same point, meter or device input at the same time."""

    reason = "ASSIGNMENTS_OVERLAP"


class MeterAtPoint(Struct, frozen=True, gc=False, omit_defaults=True, tag="meter_at_point"):
    """A meter hung at a metering point in ``[since_ns, until_ns)``."""

    point: PointId
    meter: MeterId
    since_ns: int
    written_us: int
    until_ns: int = OPEN_NS
    registers_at_start: dict[str, int] = {}
    """What it showed when it was built in, by ``measurand/channel``, in the measurand's steps."""
    registers_at_end: dict[str, int] = {}
    """What it showed when it was taken out; without both, nobody knows what was used between two meters' readings."""

    @property
    def key(self) -> str:
        """Point and start: a correction of the end replaces the record."""
        return dated_key(self.point, self.since_ns)


class DeviceAtMeter(Struct, frozen=True, gc=False, omit_defaults=True, tag="device_at_meter"):
    """A device read a meter in ``[since_ns, until_ns)``."""

    meter: MeterId
    dev_eui: DevEui
    since_ns: int
    written_us: int
    until_ns: int = OPEN_NS
    input: str = ""
    """First tokens of the channels that are this meter's (``pulse1``, ``mbus``, ``ch2``); empty: the whole device."""
    transport: str = LORAWAN
    """How readings come: ``lorawan``, or ``smart_meter_gateway`` where a certified gateway stands between."""
    interval_s: int = 0
    """How often it reads the meter, in s; 0: as often as the registry expects the device to send."""

    @property
    def key(self) -> str:
        """Meter and start."""
        return dated_key(self.meter, self.since_ns)

    def reads(self, channel: str) -> bool:
        """Say whether the device's ``channel`` is this meter's."""
        return _is_below(channel, self.input)


Assignment = MeterAtPoint | DeviceAtMeter


def check_assignment(new: Assignment, known: Iterable[Assignment]) -> None:
    """Let ``new`` stand beside those ``known``, or not; it may replace the one with its own key.

    Raises:
        InvalidValue: it ends before it starts, starts before 1970, or names what is no register.
        AssignmentsOverlap: another claims the same at the same time.
    """
    if isinstance(new, MeterAtPoint):
        _check_registers(new)
    if not 0 <= new.since_ns < new.until_ns <= OPEN_NS:
        raise InvalidValue(f"{new.key} ends before it starts", field="until", value=str(new.until_ns))
    for other in known:
        if _overlap(new, other) and _claim_the_same(new, other) and other.key != new.key:
            raise AssignmentsOverlap(f"{new.key} overlaps {other.key}", assignment=new.key, other=other.key)


def _check_registers(new: MeterAtPoint) -> None:
    for field, registers in (
        ("registers_at_start", new.registers_at_start),
        ("registers_at_end", new.registers_at_end),
    ):
        for text in registers:
            name, _, of_channel = text.partition("/")
            if measurand(name).kind is not Kind.REGISTER:
                raise InvalidValue(f"{name!r} is no register", field=field, value=text)
            channel(of_channel)


def _overlap(one: Assignment, other: Assignment) -> bool:
    return one.since_ns < other.until_ns and other.since_ns < one.until_ns


def _claim_the_same(one: Assignment, other: Assignment) -> bool:
    if isinstance(one, MeterAtPoint) and isinstance(other, MeterAtPoint):
        return one.point == other.point or one.meter == other.meter
    if isinstance(one, DeviceAtMeter) and isinstance(other, DeviceAtMeter):
        same_input = _is_below(one.input, other.input) or _is_below(other.input, one.input)
        return one.meter == other.meter or (one.dev_eui == other.dev_eui and same_input)
    return False


def _is_below(channel: str, above: str) -> bool:
    return not above or channel == above or channel.startswith(f"{above}.")
