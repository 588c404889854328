"""A raw uplink as a record of the log: its body untouched, all else in headers that any Kafka client can read."""

from collections.abc import Sequence

from adapters.kafka.log_record import LogRecord
from adapters.kafka.record_batch import Record
from application.ports.uplink_log import LoggedUplinks, RawUplink

_SOURCE = "source"
_NETWORK_SERVER = "network-server"
_TOPIC = "mqtt-topic"
_RECEIVED = "received-us"
_DUP = "mqtt-dup"
"""Only there where it is true."""
_ORIGIN = "origin"
"""Only there where a backfill brought it."""
_CUT = "cut-from-bytes"
"""Only there where the body is the beginning of one that no record takes: its whole size."""
_LATEST_US = 2**62
"""The stores keep 64 bits, and write times grow from here."""
_OVERHEAD = 1_024
"""Key, names of headers and Kafka's own fields of a record."""


def record_of(uplink: RawUplink, key: str, limit: int) -> Record:
    """Return ``uplink`` as a record of at most ``limit`` bytes.

    The time stamp is the receipt in ms, so that a replay by time finds it; the header has the µs. A body that no record
    takes is cut. What is left of it (1 MB with the usual limit, where an uplink has 2 to 10 kB) is still more than a
    reader of envelopes accepts, or no longer JSON: it becomes a dead letter, and its source is not asked for ever.
    """
    headers = [
        (_SOURCE, uplink.source.encode()),
        (_NETWORK_SERVER, uplink.network_server.encode()),
        (_TOPIC, uplink.topic.encode()),
        (_RECEIVED, b"%d" % uplink.received_us),
    ]
    if uplink.mqtt_dup:
        headers.append((_DUP, b"1"))
    if uplink.origin:
        headers.append((_ORIGIN, uplink.origin.encode()))
    body = uplink.body
    room = limit - _OVERHEAD - 2 * len(headers[2][1])  # the topic may be the key as well
    if len(body) > room:
        headers.append((_CUT, b"%d" % len(body)))
        body = body[: max(0, room)]
    return key.encode(), body, uplink.received_us // 1_000, headers


def is_cut(record: Record) -> bool:
    """Say whether ``record`` holds only the beginning of its uplink."""
    return record[3][-1][0] == _CUT


def logged(partition: int, records: Sequence[LogRecord], *, more: bool = False) -> LoggedUplinks:
    """Return what ``records`` of ``partition`` hold; ``more`` follow at once."""
    offsets = [record.offset for record in records]
    return LoggedUplinks(partition, offsets, [_uplink(record) for record in records], more)


def _uplink(record: LogRecord) -> RawUplink:
    """Return the uplink; one that somebody else wrote has no source, and its reader makes a dead letter of it."""
    headers = dict(record.headers)
    try:
        return RawUplink(
            headers[_SOURCE].decode(),
            headers[_NETWORK_SERVER].decode(),
            headers[_TOPIC].decode(),
            record.value or b"",
            _microseconds(headers[_RECEIVED]),
            _DUP in headers,
            (headers.get(_ORIGIN) or b"").decode(),
        )
    except (KeyError, ValueError, AttributeError):  # missing, not UTF-8 or no number, empty
        return RawUplink("", "", "", record.value or b"", max(0, record.timestamp) * 1_000)


def _microseconds(header: bytes | None) -> int:
    """Return a time of receipt that the stores can keep.

    Raises:
        ValueError: it is none.
    """
    time_us = int(header or b"")
    if not 0 <= time_us <= _LATEST_US:
        raise ValueError(time_us)
    return time_us
