"""Spans: the times in which one device read one meter at one point. What was read outside them is nobody's."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from domain.meter.assignment import DeviceAtMeter, MeterAtPoint
from domain.meter.identifiers import MeterId


class Span(Struct, frozen=True, gc=False):
    """In ``[since_ns, until_ns)`` the readings of a device's input are a point's."""

    since_ns: int
    until_ns: int
    meter_at_point: MeterAtPoint
    device_at_meter: DeviceAtMeter


def meters_of(point: Iterable[MeterAtPoint]) -> list[MeterAtPoint]:
    """Return the meters of a point in the order they hung there."""
    return sorted(point, key=lambda each: each.since_ns)


def spans_of(
    point: Iterable[MeterAtPoint], devices: Mapping[MeterId, Sequence[DeviceAtMeter]], since_ns: int, until_ns: int
) -> list[Span]:
    """Return the spans of a point that touch ``[since_ns, until_ns)``, oldest first, each in its whole length."""
    found = []
    for hung in meters_of(point):
        for read in devices.get(hung.meter, ()):
            start, end = max(hung.since_ns, read.since_ns), min(hung.until_ns, read.until_ns)
            if start < end and start < until_ns and since_ns < end:
                found.append(Span(start, end, hung, read))
    return sorted(found, key=lambda span: span.since_ns)
