"""Requests for settings (port 49), and commands to the controller itself (port 51), as it repeats them."""

from collections.abc import Callable

from domain.decoding.byte_reader import ByteReader
from domain.decoding.codec import Decoded, Notice

_ALL = 0xFF


def requested(what: str) -> Callable[[ByteReader], Decoded]:
    """Return the reader of a request for the settings called ``what``, which is its first byte and no more."""
    decoded = Decoded(notices=(Notice("configuration_requested", what),))
    return lambda _: decoded


def profile_requested(reader: ByteReader) -> Decoded:
    """Read which profile is asked for."""
    which = f" {_number(reader)}" if reader.left else ""
    return Decoded(notices=(Notice("configuration_requested", f"profile{which}"),))


def multicast_requested(reader: ByteReader) -> Decoded:
    """Read which multicast session is asked for; the request has no keys."""
    return Decoded(notices=(Notice("configuration_requested", f"multicast {_number(reader)}"),))


def commanded(what: str) -> Callable[[ByteReader], Decoded]:
    """Return the reader of the command called ``what``, which is its first byte and no more."""
    decoded = Decoded(notices=(Notice(what),))
    return lambda _: decoded


def _number(reader: ByteReader) -> str:
    number = reader.u8()
    return "all" if number == _ALL else str(number)
