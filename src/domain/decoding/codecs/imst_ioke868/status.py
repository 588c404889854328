"""The reader's status (port 3): its clock, its counters, its settings.

Source: as the package. 28 bytes, little-endian; firmware 1.3 adds bytes whose meaning is not published.
"""

from struct import Struct

from domain.decoding.codec import Context, Decoded, Fragment, Notice, Payload, Snapshot
from domain.decoding.refusals import too_short
from domain.observation import register, state
from domain.rfc3339 import NS_PER_S, format_rfc3339

_FORM = Struct("<IBBIIHIII")
"""Clock (s), firmware minor and major, last synchronisation (s), resets, bits, files read well and badly, uploads."""
STATUS_LENGTH = _FORM.size

_NOT_ACTIVATED, _NO_NETWORK_TIME, _CLOCK_NOT_SET, _JOINING = 0x01, 0x02, 0x04, 0x08
_NOT_CONFIGURED, _NO_CALENDAR, _NO_FILTER = 0x10, 0x40, 0x80
_SETTINGS = (
    ("config.lorawan_activation", _NOT_ACTIVATED, "activated", "not activated"),
    ("config.network_time", _NO_NETWORK_TIME, "synchronized", "not synchronized"),
    ("config.lorawan", _NOT_CONFIGURED, "available", "not available"),
    ("config.calendar_events", _NO_CALENDAR, "present", "empty"),
    ("config.obis_filter", _NO_FILTER, "present", "empty"),
)
"""Attribute, the bit that denies it, and its two values."""


def status(payload: Payload, context: Context, expired: tuple[Fragment, ...]) -> Decoded:
    """Return what the status in ``payload`` means.

    Raises:
        Undecodable: it is too short.
    """
    if len(payload.data) < STATUS_LENGTH:
        raise too_short(len(payload.data), STATUS_LENGTH)
    snapshot, attributes, notices = read_status(payload.data)
    return Decoded((snapshot,), attributes, tuple(notices), context, expired)


def read_status(data: bytes) -> tuple[Snapshot, dict[str, str], list[Notice]]:
    """Return readings, attributes and notices of a whole status."""
    clock_s, minor, major, synchronized_s, resets, bits, good, bad, uploads = _FORM.unpack_from(data)
    is_set = not bits & _CLOCK_NOT_SET
    readings = (
        state("device.clock_synchronized", "", is_set),
        register("device.restart_count", "", resets),
        register("device.activity_count", "files_ok", good),
        register("device.activity_count", "files_bad", bad),
        register("device.message_count", "up", uploads),
    )
    attributes = {"firmware": f"{major}.{minor}"}
    for name, bit, otherwise, denied in _SETTINGS:
        attributes[name] = denied if bits & bit else otherwise
    notices = [Notice("clock_last_synchronized", format_rfc3339(synchronized_s * NS_PER_S))]
    if bits & _JOINING:
        notices.append(Notice("join_in_progress"))
    if len(data) > STATUS_LENGTH:
        notices.append(Notice("status_extension", data[STATUS_LENGTH:].hex()))
    return Snapshot(readings, clock_s * NS_PER_S if is_set else None), attributes, notices
