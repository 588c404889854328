"""What brokers write down of commits: records of the topic ``__consumer_offsets``.

Polling a group's position tells neither when it was committed nor that the same was committed again; this topic does.
Layout: Kafka's ``OffsetCommitKey`` (versions 0 and 1) and ``OffsetCommitValue`` (0 to 4), big-endian.
"""

from struct import Struct as Layout
from struct import error as TooShort  # noqa: N812  what it means here

from adapters.kafka.log_record import LogRecord
from application.ports.group_progress import Commit

TOPIC = "__consumer_offsets"
_KEY_VERSIONS = (0, 1)
"""2 is about the members of a group."""
_SHORT = Layout(">h")
_INT = Layout(">i")
_LONG = Layout(">q")
_LEADER_EPOCH = 4
"""Bytes, from version 3 on, between the offset and the metadata."""
_WITH_LEADER_EPOCH = 3
_NEWEST = 4
_HASH = 31
_UINT32 = 2**32
_INT32_MIN = -(2**31)


def partition_of(group: str, partitions: int) -> int:
    """Return the partition with the commits of ``group``: Java's ``String.hashCode``, made positive."""
    code = 0
    units = group.encode("utf-16-be")
    for high, low in zip(units[::2], units[1::2], strict=True):
        code = (_HASH * code + (high << 8 | low)) % _UINT32
    signed = code - _UINT32 if code >= -_INT32_MIN else code
    return 0 if signed == _INT32_MIN else abs(signed) % partitions


def commit_of(record: LogRecord) -> tuple[str, str, int, Commit | None] | None:
    """Return group, topic, partition and commit of ``record``; no commit: it was deleted; None: no commit at all."""
    key = record.key or b""
    try:
        if _SHORT.unpack_from(key)[0] not in _KEY_VERSIONS:
            return None
        group, at = _text(key, _SHORT.size)
        topic, at = _text(key, at)
        (partition,) = _INT.unpack_from(key, at)
        return group, topic, partition, _commit(record.value) if record.value is not None else None
    except (TooShort, UnicodeDecodeError):
        return None


def _commit(value: bytes) -> Commit | None:
    (version,) = _SHORT.unpack_from(value)
    if not 0 <= version <= _NEWEST:
        return None
    (offset,) = _LONG.unpack_from(value, _SHORT.size)
    at = _SHORT.size + _LONG.size + (_LEADER_EPOCH if version >= _WITH_LEADER_EPOCH else 0)
    # From version 4 on texts are compact: their length is a varint, one more than it is.
    at = _after_compact(value, at) if version == _NEWEST else _text(value, at)[1]
    return Commit(offset, _LONG.unpack_from(value, at)[0])


def _text(data: bytes, at: int) -> tuple[str, int]:
    (length,) = _SHORT.unpack_from(data, at)
    begin = at + _SHORT.size
    end = begin + max(0, length)
    return data[begin:end].decode(), end


def _after_compact(data: bytes, at: int) -> int:
    length = shift = 0
    while True:
        if at >= len(data):
            raise TooShort
        byte = data[at]
        length |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not byte & 0x80:
            return at + max(0, length - 1)
