"""Whether a value may be billed.

Measured and substitute values may, provisional ones may not (MSCONS status, domain.meter.reasons). The meter must be
calibrated over the whole time (MessEG, section 37: a meter whose calibration has expired must not be used), and
electricity needs a certified smart meter gateway (MsbG): over plain LoRaWAN it is good for sub-metering and energy
management only. This is how the platform tells values apart, not legal advice.
"""

from collections.abc import Iterable, Mapping, Sequence

from domain.meter.assignment import MeterAtPoint
from domain.meter.identifiers import MeterId
from domain.meter.medium import Medium
from domain.meter.metering_point import Meter
from domain.meter.reasons import Reason, Status
from domain.meter.span import Span

_GATEWAY = "smart_meter_gateway"
_FINAL = (Status.MEASURED, Status.SUBSTITUTE)


def obstacles(
    status: Status, medium: Medium, hung: Iterable[Meter | None], spans: Iterable[Span], until_ns: int
) -> tuple[Reason, ...]:
    """Return why a value up to ``until_ns`` must not be billed; nothing: it may be.

    Args:
        status: how the value came about.
        medium: what is metered.
        hung: the meters that it comes from; None: one that is not in the registry.
        spans: the assignments that it comes from.
        until_ns: its end.
    """
    found = [] if status in _FINAL else [Reason.NOT_FINAL]
    ends = [meter.calibrated_until_ns if meter else 0 for meter in hung]
    if not all(ends):
        found.append(Reason.CALIBRATION_UNKNOWN)
    if any(end and end < until_ns for end in ends):
        found.append(Reason.CALIBRATION_EXPIRED)
    if medium is Medium.ELECTRICITY and any(span.device_at_meter.transport != _GATEWAY for span in spans):
        found.append(Reason.ELECTRICITY_OVER_LORAWAN)
    return tuple(found)


def meters_between(
    hung: Sequence[MeterAtPoint], meters: Mapping[MeterId, Meter], since_ns: int, until_ns: int
) -> list[Meter | None]:
    """Return the meters that hung in ``[since_ns, until_ns]``."""
    return [meters.get(each.meter) for each in hung if each.since_ns <= until_ns and since_ns < each.until_ns]
