"""The vectors of ``tests/vectors/<codec>.json``: bytes of public sources and what they mean.

A codec with several sources has several files, ``<codec>.<source>.json``. Where a source gives no time of receipt,
``received`` is ours. A reading is measurand, channel, value, for registers the power of ten, and where it is not
``measured`` its quality; ``age_s``, ``uncertainty_s`` and ``device_time`` are absent where a frame gives none.
"""

from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from domain.decoding import CODECS, NO_CONTEXT, Context, Decoded, DeviceFacts, Payload, Snapshot
from domain.observation import Position, Reading, Value
from domain.rfc3339 import NS_PER_S, format_rfc3339, parse_rfc3339

_FOLDER = Path(__file__).parents[3] / "vectors"
_NEW_YEAR_NOON = "2026-01-01T12:00:00Z"


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
    quality: str = "measured"


class ObservationOf(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Readings of one instant."""

    readings: list[ReadingOf]
    age_s: int = 0
    uncertainty_s: int = 0
    device_time: str = ""


class Earlier(Struct, forbid_unknown_fields=True):
    """A payload that came before, for a codec that remembers."""

    f_port: int
    bytes: str
    received: str


class Vector(Struct, forbid_unknown_fields=True):
    """One payload: what it means, or the code of its refusal."""

    number: int
    """In its source, from 1."""
    what: str
    f_port: int
    bytes: str
    received: str = _NEW_YEAR_NOON
    observations: list[ObservationOf] = []
    attributes: dict[str, str] = {}
    notices: list[list[str]] = []
    pieces_waiting: int = 0
    refused: str = ""
    firmware: str = ""
    registers: dict[str, str] = {}
    """Measurand by the device's own name for a register."""
    keys: dict[str, str] = {}
    """In hex, by name."""
    before: list[Earlier] = []

    @property
    def payload(self) -> Payload:
        """What the codec gets."""
        facts = DeviceFacts(
            self.firmware, self.registers, {name: bytes.fromhex(key) for name, key in self.keys.items()}
        )
        return Payload(bytes.fromhex(self.bytes), self.f_port, parse_rfc3339(self.received), facts)


class VectorFile(Struct, forbid_unknown_fields=True):
    """The vectors of one codec, all of one source."""

    device_type: str
    source: Source
    vectors: list[Vector]
    firmware: str = ""
    """That all of them are of, if the codec is chosen by it."""
    typical: int = 0
    """Number of the vector that is most like what such devices send all day; 0: the first that is read."""
    ports: dict[str, str] = {}
    """What the codec reads: message by port, or by ``*`` where it reads any port; stated in one of its files."""
    mapping: dict[str, str] = {}
    """By the source's name of a fact: ``measurand [channel]``, ``attribute name``, ``notice code``, or why none."""


@cache
def named_vector_files(codec: str) -> dict[str, VectorFile]:
    """Return what there is of ``codec``, by the name of the file."""
    paths = [*_FOLDER.glob(f"{codec}.json"), *sorted(_FOLDER.glob(f"{codec}.*.json"))]
    return {path.stem: msgspec.json.decode(path.read_bytes(), type=VectorFile) for path in paths}


def vector_files(codec: str) -> list[VectorFile]:
    """Return what there is of ``codec``."""
    return list(named_vector_files(codec).values())


def vectors_of(codec: str) -> list[Vector]:
    """Return the vectors of ``codec``."""
    return [vector for file in vector_files(codec) for vector in file.vectors]


def typical_vector(codec: str) -> Vector:
    """Return the vector whose cost is the codec's."""
    for file in sorted(vector_files(codec), key=lambda file: not file.typical):
        for vector in file.vectors:
            if vector.number == file.typical or (not file.typical and vector.observations):
                return vector
    raise LookupError(f"no vector of {codec} is read")


def all_vectors() -> list[tuple[str, Vector]]:
    """Return every vector with its codec."""
    return [(codec, vector) for codec in CODECS for vector in vectors_of(codec)]


def ports_of(codec: str) -> dict[str, str]:
    """Return the message by port that the files of ``codec`` state, else the ports of its vectors."""
    stated = {port: message for file in vector_files(codec) for port, message in file.ports.items()}
    stated = dict(sorted(stated.items(), key=lambda item: item[0].zfill(3)))
    return stated or {str(vector.f_port): "" for vector in vectors_of(codec) if not vector.refused}


def decode(codec: str, payload: Payload, context: Context = NO_CONTEXT) -> Decoded:
    """Apply ``codec``."""
    return CODECS[codec].decode(payload, context)


def context_before(codec: str, vector: Vector) -> Context:
    """Return what ``codec`` remembers of the payloads before ``vector``."""
    context = NO_CONTEXT
    for earlier in vector.before:
        payload = vector.payload
        ns = parse_rfc3339(earlier.received)
        context = decode(
            codec, Payload(bytes.fromhex(earlier.bytes), earlier.f_port, ns, payload.facts), context
        ).context
    return context


def in_the_form_of_the_file(snapshot: Snapshot) -> ObservationOf:
    """Return ``snapshot`` as a file would have it."""
    readings = [ReadingOf(r.measurand, r.channel, r.value, r.exponent, r.quality) for r in snapshot.readings]
    device_time = "" if snapshot.device_ns is None else format_rfc3339(snapshot.device_ns)
    return ObservationOf(readings, snapshot.age_ns // NS_PER_S, snapshot.uncertainty_ns // NS_PER_S, device_time)


def readings_of(decoded: Decoded) -> list[Reading]:
    """Return all readings of ``decoded``."""
    return [reading for snapshot in decoded.snapshots for reading in snapshot.readings]


def values_of(decoded: Decoded) -> dict[str, Value]:
    """Return the values by ``measurand/channel``."""
    return {f"{reading.measurand}/{reading.channel}": reading.value for reading in readings_of(decoded)}


def codes_of(decoded: Decoded) -> list[str]:
    """Return the codes of the notices."""
    return [notice.code for notice in decoded.notices]
