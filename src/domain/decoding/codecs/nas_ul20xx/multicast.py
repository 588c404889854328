"""Multicast sessions (port 50), which come with their keys: these are read over and never shown.

Whoever has them commands all lamps of a group at once, unheard of by the network server.
"""

from domain.decoding.byte_reader import ByteReader
from domain.decoding.codec import Decoded, Notice
from domain.decoding.refusals import malformed

CONFIGURATION = 0x52
_KEY_LENGTH = 16
_SESSIONS_1_0, _SESSIONS_1_1 = range(1, 5), range(4)


def multicast(reader: ByteReader) -> Decoded:
    """Read that a session was configured, of firmware 1.0."""
    return _session(reader, _SESSIONS_1_0)


def multicast_1_1(reader: ByteReader) -> Decoded:
    """Read that a session was configured, of firmware 1.1, which counts them from zero."""
    return _session(reader, _SESSIONS_1_1)


def multicast_any(reader: ByteReader) -> Decoded:
    """Read that a session was configured, of either firmware."""
    return _session(reader, range(5))


def _session(reader: ByteReader, sessions: range) -> Decoded:
    number = reader.u8()
    if number not in sessions:
        raise malformed("there is no such multicast session")
    dev_addr = reader.take(4)[::-1].hex().upper()
    reader.take(2 * _KEY_LENGTH)
    return Decoded(
        (), {f"config.multicast.{number}.dev_addr": dev_addr}, (Notice("keys_withheld", f"multicast {number}"),)
    )


def frame_counter(reader: ByteReader) -> Decoded:
    """Read which frame counter a session expects."""
    return Decoded((), {f"config.multicast.{reader.u8()}.f_cnt": str(reader.u32())})
