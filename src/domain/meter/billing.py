"""Whether a value may be billed.

Measured and substitute values may, provisional ones may not (MSCONS status, domain.meter.reasons). The meter must be
calibrated over the whole time (MessEG, section 37: a meter whose calibration has expired must not be used), and
electricity needs a certified smart meter gateway (MsbG): over plain LoRaWAN it is good for sub-metering and energy
management only. This is how the platform tells values apart, not legal advice.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from domain.meter.assignment import GATEWAY, MeterAtPoint
from domain.meter.identifiers import MeterId
from domain.meter.medium import Medium
from domain.meter.metering_point import Meter
from domain.meter.reasons import Reason, Status
from domain.meter.span import Span

_FINAL = (Status.MEASURED, Status.SUBSTITUTE)


class Hung(NamedTuple):
    """A meter that a value comes from."""

    meter: Meter | None
    """None: the registry does not know it."""
    until_ns: int
    """Until when the value is its."""


def obstacles(status: Status, medium: Medium, hung: Iterable[Hung], spans: Iterable[Span]) -> tuple[Reason, ...]:
    """Return why a value must not be billed; nothing: it may be.

    Args:
        status: how the value came about.
        medium: what is metered.
        hung: the meters that it comes from.
        spans: the assignments that it comes from.
    """
    found = [] if status in _FINAL else [Reason.NOT_FINAL]
    ends = [(each.meter.calibrated_until_ns if each.meter else 0, each.until_ns) for each in hung]
    if not all(calibrated_ns for calibrated_ns, _ in ends):
        found.append(Reason.CALIBRATION_UNKNOWN)
    if any(calibrated_ns and calibrated_ns < until_ns for calibrated_ns, until_ns in ends):
        found.append(Reason.CALIBRATION_EXPIRED)
    if medium is Medium.ELECTRICITY and any(span.device_at_meter.transport != GATEWAY for span in spans):
        found.append(Reason.ELECTRICITY_OVER_LORAWAN)
    return tuple(found)


def hung_between(
    hung: Iterable[MeterAtPoint], meters: Mapping[MeterId, Meter], since_ns: int, until_ns: int
) -> list[Hung]:
    """Return the meters that hung in ``[since_ns, until_ns)``."""
    return [
        Hung(meters.get(each.meter), min(each.until_ns, until_ns))
        for each in hung
        if each.since_ns < until_ns and since_ns < each.until_ns
    ]
