"""Exchange cases: a device reads another meter than the registry says.

Somebody has exchanged a meter or moved a radio module, and the registry does not know. The case is open until an
assignment says so; what was read since the last time the two agreed bills nobody.
"""

from collections.abc import Iterable

from msgspec import Struct

from domain.identifiers import DevEui
from domain.meter.identifiers import MeterId, PointId
from domain.meter.metering_point import Meter
from domain.meter.span import Span

IDENTITY = "meter.identity"


class ReportedIdentity(Struct, frozen=True, gc=False):
    """What a device said the meter's own number is."""

    event_ns: int
    serial: str
    uncertainty_ns: int = 0
    """By how much the instant may be wrong."""


class ExchangeCase(Struct, frozen=True, gc=False):
    """The exchange happened in ``(earliest_ns, latest_ns]``."""

    point: PointId
    meter: MeterId
    """As the registry says."""
    dev_eui: DevEui
    reported_serial: str
    """As the device says now."""
    earliest_ns: int
    """When the two agreed last, or the assignment's start."""
    latest_ns: int
    """When the device first named another meter."""


def exchange_case(span: Span, meter: Meter, identities: Iterable[ReportedIdentity]) -> ExchangeCase | None:
    """Return the case that ``identities``, oldest first, open in ``span``; None: they agree in the end.

    A device that calls the old meter again has only stumbled.
    """
    agreed_ns, first = span.since_ns, None
    serial = ""
    for each in identities:
        if not span.since_ns <= each.event_ns < span.until_ns:
            continue
        if meter.is_called(each.serial):
            agreed_ns, first = max(span.since_ns, each.event_ns - each.uncertainty_ns), None
        else:
            first = first or each.event_ns + each.uncertainty_ns
            serial = each.serial
    if first is None:
        return None
    hung, read = span.meter_at_point, span.device_at_meter
    return ExchangeCase(hung.point, hung.meter, read.dev_eui, serial, agreed_ns, first)
