"""Meter data in one payload (port 5)."""

from domain.decoding.codec import Context, Decoded, Fragment, Payload, Snapshot
from domain.decoding.codecs.imst_ioke868.layouts import read_fields
from domain.decoding.refusals import malformed, too_short
from domain.rfc3339 import NS_PER_S

_AGREEMENT_NS = 300 * NS_PER_S
"""Five minutes: far more than a synchronised clock drifts, far less than an unset one is away."""


def meter_data(payload: Payload, context: Context, expired: tuple[Fragment, ...]) -> Decoded:
    """Return what the meter data in ``payload`` mean.

    Raises:
        Undecodable: the last field is cut short, or no field means anything.
    """
    fields, length = read_fields(payload.data), len(payload.data)
    if not length or fields.consumed != length:
        raise too_short(length, fields.needed)
    if not fields.understood:
        raise malformed(f"no known field in {payload.data.hex()}")
    snapshots: tuple[Snapshot, ...] = ()
    if fields.readings:
        device_ns = believed_ns(fields.time_s, payload.network_ns)
        snapshots = (Snapshot(fields.readings, device_ns),)
    return Decoded(snapshots, fields.attributes, fields.notices, context, expired)


def believed_ns(seconds: int | None, network_ns: int) -> int | None:
    """Return the reader's clock if it goes right.

    Meter data do not say whether the clock was ever set (only the status does), so what it shows is believed where it
    agrees with the network's time, and there it is the more exact.
    """
    if seconds is None:
        return None
    device_ns = seconds * NS_PER_S
    return device_ns if -_AGREEMENT_NS <= device_ns - network_ns <= _AGREEMENT_NS else None
