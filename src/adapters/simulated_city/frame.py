"""What a device says at one moment, and what is meant by it."""

from msgspec import Struct

from domain.observation import Position

Meaning = tuple[str, str, int, bool | int | float | str | Position, int]
"""Measurand, channel, event time in ns, value, exponent."""


class Frame(Struct, frozen=True):
    """A frame before anything happens to it."""

    f_port: int
    payload: bytes
    meanings: tuple[Meaning, ...] = ()
    """What must be read from it, and from the segments before it that it completes."""
    history: tuple[Meaning, ...] = ()
    """What must be read from it as well, but frames before it may have told already."""
    segment: bool = False
    """Part of a payload that is longer than a frame."""
    undecodable: str = ""
    """Why nobody can decode it; empty: it can be."""


MAC_ONLY = Frame(0, b"")
"""MAC commands for the network server; it hands the frame on without a port (envelopes omit zero)."""
