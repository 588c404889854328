"""The vectors of ``tests/vectors/<device type>.json``: bytes of public sources and what they mean.

A source gives no time of receipt; ``received`` is ours. A reading is measurand, channel, value and, for registers, the
power of ten; ``age_s`` and ``device_time`` are absent where a frame gives none.
"""

from pathlib import Path

import msgspec
from msgspec import Struct

from domain.decoding import CODECS, NO_CONTEXT, Context, Decoded, Payload, Snapshot
from domain.observation import Position, Reading, Value
from domain.rfc3339 import NS_PER_S, format_rfc3339, parse_rfc3339

_FOLDER = Path(__file__).parents[3] / "vectors"


class Source(Struct, forbid_unknown_fields=True):
    """Where the bytes were published."""

    repository: str
    path: str
    commit: str


class ReadingOf(Struct, array_like=True, forbid_unknown_fields=True, omit_defaults=True):
    """A reading in the form of the file."""

    measurand: str
    channel: str
    value: bool | int | float | str | Position
    exponent: int = 0


class ObservationOf(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Readings of one instant."""

    readings: list[ReadingOf]
    age_s: int = 0
    device_time: str = ""


class Vector(Struct, forbid_unknown_fields=True):
    """One payload."""

    number: int
    """In its source, from 1."""
    what: str
    f_port: int
    bytes: str
    received: str
    observations: list[ObservationOf]
    attributes: dict[str, str] = {}
    notices: list[list[str]] = []
    pieces_waiting: int = 0

    @property
    def payload(self) -> Payload:
        """What the codec gets."""
        return Payload(bytes.fromhex(self.bytes), self.f_port, parse_rfc3339(self.received))


class VectorFile(Struct, forbid_unknown_fields=True):
    """The vectors of one device type, all of one source."""

    device_type: str
    source: Source
    vectors: list[Vector]


def vectors_of(device_type: str) -> list[Vector]:
    """Return the vectors of ``device_type``."""
    text = (_FOLDER / f"{device_type}.json").read_bytes()
    return msgspec.json.decode(text, type=VectorFile).vectors


def all_vectors() -> list[tuple[str, Vector]]:
    """Return every vector with its device type."""
    return [(device_type, vector) for device_type in CODECS for vector in vectors_of(device_type)]


def decode(device_type: str, payload: Payload, context: Context = NO_CONTEXT) -> Decoded:
    """Apply the codec of ``device_type``."""
    return CODECS[device_type].decode(payload, context)


def in_the_form_of_the_file(snapshot: Snapshot) -> ObservationOf:
    """Return ``snapshot`` as a file would have it."""
    readings = [ReadingOf(r.measurand, r.channel, r.value, r.exponent) for r in snapshot.readings]
    device_time = "" if snapshot.device_ns is None else format_rfc3339(snapshot.device_ns)
    return ObservationOf(readings, snapshot.age_ns // NS_PER_S, device_time)


def readings_of(decoded: Decoded) -> list[Reading]:
    """Return all readings of ``decoded``."""
    return [reading for snapshot in decoded.snapshots for reading in snapshot.readings]


def values_of(decoded: Decoded) -> dict[str, Value]:
    """Return the values by ``measurand/channel``."""
    return {f"{reading.measurand}/{reading.channel}": reading.value for reading in readings_of(decoded)}


def codes_of(decoded: Decoded) -> list[str]:
    """Return the codes of the notices."""
    return [notice.code for notice in decoded.notices]
