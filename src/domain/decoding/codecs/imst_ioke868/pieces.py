"""A piece of a payload: what is known now that was not known before it came.

Meter data are fields one after another, so all fields before the first missing piece are read at once: a payload
whose last piece is lost still gives what arrived. Whatever the order of arrival, the sum is the same.
"""

from domain.decoding.codec import NO_CONTEXT, Context, Decoded, Fragment, Notice, Payload, Snapshot
from domain.decoding.codecs.imst_ioke868 import segments
from domain.decoding.codecs.imst_ioke868.fields import Fields
from domain.decoding.codecs.imst_ioke868.layouts import read_fields
from domain.decoding.codecs.imst_ioke868.meter_data import believed_ns
from domain.decoding.codecs.imst_ioke868.segments import Group
from domain.decoding.codecs.imst_ioke868.status import STATUS_LENGTH, read_status
from domain.decoding.refusals import too_short
from domain.observation import Reading

_METER_PORT = 69
_NOTHING = Fields()
_SHORTEST = 2
"""A number and one byte of payload."""


def piece(payload: Payload, context: Context) -> Decoded:
    """Return what ``payload`` adds to the pieces of ``context``."""
    if len(payload.data) < _SHORTEST:
        raise too_short(len(payload.data), _SHORTEST)
    new = segments.fragment(payload.data, payload.f_port, payload.network_ns)
    if context.fragments and segments.repeats(new, context.fragments):
        kept, expired = segments.still_open(context.fragments, payload.network_ns)
        return Decoded(notices=(Notice("fragment_repeated"),), context=_context(kept), expired=expired)
    kept, expired = segments.still_open((*context.fragments, new), payload.network_ns)
    for group in kept:
        before = [known for known in group if known.network_ns != new.network_ns or known.data != new.data]
        if len(before) < len(group):
            read = _meter_data if payload.f_port == _METER_PORT else _status
            return read(payload, group, segments.beginning(before), kept, expired)
    return Decoded(context=_context(kept), expired=expired)


def _meter_data(
    payload: Payload, group: Group, before: bytes, kept: list[Group], expired: tuple[Fragment, ...]
) -> Decoded:
    data = segments.beginning(group)
    known, now = read_fields(before) if before else _NOTHING, read_fields(data)
    notices = now.notices[len(known.notices) :]
    if not segments.is_complete(group):
        notices += (_waiting(group),)
    elif now.consumed != len(data):
        notices += (Notice("payload_malformed", group[0].group),)
        expired += tuple(group)
        kept = [other for other in kept if other is not group]
    fresh = _beyond(now.readings, known.readings) if before else now.readings
    snapshots = (_dated(payload, group, now, fresh),) if fresh else ()
    return Decoded(snapshots, now.attributes, notices, _context(kept), expired)


def _beyond(now: tuple[Reading, ...], known: tuple[Reading, ...]) -> tuple[Reading, ...]:
    return tuple([reading for reading in now if reading not in known])


def _dated(payload: Payload, group: Group, fields: Fields, readings: tuple[Reading, ...]) -> Snapshot:
    """Return ``readings`` with their time: of the device if its first piece gives one, else when that piece came."""
    first = group[0]
    seconds = fields.time_s if fields.time_end < len(first.data) else None
    device_ns = believed_ns(seconds, first.network_ns)
    return Snapshot(readings, device_ns, 0 if device_ns is not None else payload.network_ns - first.network_ns)


def _status(payload: Payload, group: Group, before: bytes, kept: list[Group], expired: tuple[Fragment, ...]) -> Decoded:
    data = segments.beginning(group)
    if len(before) >= STATUS_LENGTH or len(data) < STATUS_LENGTH:
        return Decoded(notices=(_waiting(group),), context=_context(kept), expired=expired)
    snapshot, attributes, notices = read_status(data)
    if snapshot.device_ns is None:
        snapshot = Snapshot(snapshot.readings, None, payload.network_ns - group[0].network_ns)
    return Decoded((snapshot,), attributes, tuple(notices), _context(kept), expired)


def _waiting(group: Group) -> Notice:
    return Notice("fragment_waiting", f"{len(group)} of {group[0].total or '?'} pieces of {group[0].group}")


def _context(kept: list[Group]) -> Context:
    return Context(segments.flat(kept)) if kept else NO_CONTEXT
