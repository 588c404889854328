"""What is remembered of a device, as bytes: a version byte, then MessagePack.

Processing keeps these bytes of every device and decodes them with each of its uplinks, so they are small and quickly
read: rows without the names of their fields, of which the latest readings stay rows in the memory too.
"""

import msgspec
from msgspec import Raw, Struct

from application.errors import WrongShape
from domain.decoding import Context
from domain.device import Device, DeviceMemory, LatestRows, LatestValue
from domain.identifiers import DevEui
from domain.radio import FrameAccount, FrameCounts

_VERSION = 4
"""Raised whenever a program of before could misread what we write."""
_PREFIX = bytes([_VERSION])
_NAMED = 3
"""The version before: with the names of fields, the memory as it is."""


class _Position(Struct, array_like=True):
    """The first field of a device memory; the others are skipped, which is ten times faster than building them."""

    offset: int


_Device = tuple[DevEui, int, str, str, str, str, int, dict[str, str]]
"""A ``Device``."""
_Memory = tuple[int, _Device, dict[str, FrameAccount], Context, LatestRows, int, int]
"""A ``DeviceMemory``."""


class _NamedMemory(Struct, array_like=True):
    """A ``DeviceMemory`` of version 3."""

    offset: int
    device: Device
    accounts: dict[str, FrameAccount]
    context: Context
    latest: dict[str, LatestValue]
    """By ``measurand/channel``."""
    last_seen_ns: int
    written_us: int


class _Counts(Struct, frozen=True, gc=False, array_like=True):
    """The first fields of a ``FrameAccount``."""

    segments: Raw
    joins: Raw
    before: FrameCounts
    day: int
    today: FrameCounts


class _Counted(Struct, array_like=True):
    """The first fields of a device memory."""

    offset: int
    device: Raw
    accounts: dict[str, _Counts]


class _Accounted(Struct, array_like=True):
    """The same fields, without what was counted."""

    offset: int
    device: Raw
    accounts: dict[str, Raw]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Memory).decode
_decode_named = msgspec.msgpack.Decoder(_NamedMemory).decode
_counted = msgspec.msgpack.Decoder(_Counted).decode
_accounted = msgspec.msgpack.Decoder(_Accounted).decode
_position = msgspec.msgpack.Decoder(_Position).decode
_columns = msgspec.structs.astuple


def encode(memory: DeviceMemory) -> bytes:
    """Return ``memory`` as the value of a record."""
    fields = (
        memory.offset,
        _columns(memory.device),
        memory.accounts,
        memory.context,
        memory.latest,
        memory.last_seen_ns,
        memory.written_us,
    )
    return _PREFIX + _encode(fields)


def offset_of(value: bytes) -> int:
    """Return the position up to which the memory in ``value`` includes the uplinks.

    Raises:
        WrongShape: a newer version wrote it, or nobody.
    """
    _check_version(value)
    try:
        return _position(memoryview(value)[1:]).offset
    except msgspec.MsgspecError as error:
        raise _unreadable(error) from error


def counts_of(value: bytes) -> list[FrameCounts]:
    """Return what the frame accounts of the memory in ``value`` have counted; five times as fast as decoding it.

    Raises:
        WrongShape: a newer version wrote it, or nobody.
    """
    _check_version(value)
    try:
        accounts = _counted(memoryview(value)[1:]).accounts
    except msgspec.MsgspecError as error:
        raise _unreadable(error) from error
    return [counts for account in accounts.values() for counts in (account.before, account.today)]


def sources_of(value: bytes) -> frozenset[str]:
    """Return the sources whose frames are accounted in the memory in ``value``; ten times as fast as decoding it.

    Raises:
        WrongShape: a newer version wrote it, or nobody.
    """
    _check_version(value)
    try:
        return frozenset(_accounted(memoryview(value)[1:]).accounts)
    except msgspec.MsgspecError as error:
        raise _unreadable(error) from error


def decode(value: bytes) -> DeviceMemory:
    """Return the memory in ``value``, which this version wrote or the one before.

    Raises:
        WrongShape: a newer version wrote it, or nobody.
    """
    try:
        if value[:1] != _PREFIX:
            return _before(value)
        offset, device, accounts, context, latest, last_seen_ns, written_us = _decode(
            value[1:]  # half a kilobyte is copied sooner than two views of it are made
        )
    except msgspec.MsgspecError as error:
        raise _unreadable(error) from error
    return DeviceMemory(offset, Device(*device), accounts, context, latest, last_seen_ns, written_us)


def _before(value: bytes) -> DeviceMemory:
    _check_version(value)
    named = _decode_named(value[1:])
    latest = tuple(map(_columns, named.latest.values()))
    return DeviceMemory(
        named.offset, named.device, named.accounts, named.context, latest, named.last_seen_ns, named.written_us
    )


def _check_version(value: bytes) -> None:
    version = value[0] if value else None
    if version not in (_NAMED, _VERSION):
        raise WrongShape(
            f"the device memory has version {'none' if version is None else version}, and this program knows {_NAMED}"
            f" and {_VERSION}: run the newer program",
            version=str(version),
        )


def _unreadable(error: Exception) -> WrongShape:
    return WrongShape(f"a device memory cannot be read ({error}): something else wrote it")
