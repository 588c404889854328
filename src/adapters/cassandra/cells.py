"""A reading as one cell: it is written, and wins or loses against another, as a whole.

The cell's name is ``measurand/channel``. Its value is a JSON array that holds the reading and where it comes from, so
that after a correction no reading can carry the origin of the other. Of two cells with one write time Cassandra keeps
the one whose bytes compare greater, whichever came first.
"""

from collections.abc import Mapping

import msgspec
from msgspec import Struct

from adapters.cassandra.rows import integer
from application.errors import WrongShape
from application.ports.reading_query import StoredReading
from domain.identifiers import DevEui
from domain.observation import DataClass, Observation, Reading, Value, data_class_of


class Cell(Struct, frozen=True, gc=False, array_like=True):
    """What a cell holds, in this order; what later versions add comes at the end, with a default."""

    value: Value
    exponent: int
    quality: str
    written_us: int
    time_origin: str
    uncertainty_ms: int
    device_type: str
    decoder: str
    source: str
    f_cnt: int


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Cell).decode
_MOST_NAMES = 10_000
"""Remembered; devices say the same few hundred again and again, and a channel may be any text."""
_names: dict[tuple[str, str], tuple[int, bytes, bytes]] = {}

NUMBER = {each: number for number, each in enumerate(DataClass)}
"""Of each class, within this process."""


class Told(Struct, frozen=True, gc=False):
    """An observation as cells: by device as a whole, and by class in parts."""

    cells: bytes
    """All of them, as a CQL map."""
    origin: bytes
    """What follows the quality in each cell: a JSON array, the write time first."""
    by_class: dict[int, list[bytes]]
    """By the number of the class: ``[name, [value, exponent, quality]]`` of each cell, JSON."""


def told(observation: Observation) -> Told:
    """Return the readings of ``observation`` as cells, by the class of their measurand."""
    origin = _encode(
        (
            observation.written_us,
            observation.time_origin,
            observation.uncertainty_ms,
            observation.device_type,
            observation.decoder,
            observation.source,
            observation.f_cnt,
        )
    )
    # What follows the quality is the same for all: it is encoded once (``Cell`` says the order).
    rest = b"," + origin[1:]
    entries = [integer(len(observation.readings))]  # a map as the native protocol (since version 3, 6.16) writes it
    by_class: dict[int, list[bytes]] = {}
    for reading in observation.readings:
        number, name, quoted = _names.get((reading.measurand, reading.channel)) or _named(reading)
        head = _encode((reading.value, reading.exponent, reading.quality))
        entries += (name, integer(len(head) - 1 + len(rest)), head[:-1], rest)
        some = by_class.get(number)
        if some is None:
            some = by_class[number] = []
        some.append(b"".join((quoted, head, b"]")))
    return Told(b"".join(entries), origin, by_class)


def stored_readings(
    dev_eui: DevEui, event_ns: int, cells: Mapping[str, str] | Mapping[str, bytes]
) -> list[StoredReading]:
    """Return the readings of one observation, by measurand and channel.

    Raises:
        WrongShape: a cell is none of this version's.
    """
    named = sorted((*name.partition("/")[::2], text) for name, text in cells.items())
    return [_stored(dev_eui, event_ns, measurand, channel, text) for measurand, channel, text in named]


def _named(reading: Reading) -> tuple[int, bytes, bytes]:
    """Return the number of the class of a reading, and the name of its cell in CQL and in JSON, and remember them."""
    if len(_names) >= _MOST_NAMES:
        _names.clear()
    name = f"{reading.measurand}/{reading.channel}"
    plain = name.encode()
    found = NUMBER[data_class_of(reading.measurand)], integer(len(plain)) + plain, b"[" + _encode(name) + b","
    _names[reading.measurand, reading.channel] = found
    return found


def _stored(dev_eui: DevEui, event_ns: int, measurand: str, channel: str, text: str | bytes) -> StoredReading:
    try:
        cell = _decode(text)
    except msgspec.DecodeError as error:
        message = f"observation of {dev_eui} at {event_ns}, cell {measurand}/{channel} cannot be read: {error}"
        raise WrongShape(f"{message}; was it written by a newer stadtfunk?", dev_eui=dev_eui) from error
    return StoredReading(
        dev_eui,
        event_ns,
        Reading(measurand, channel, cell.value, cell.exponent, cell.quality),
        cell.written_us,
        cell.time_origin,
        cell.uncertainty_ms,
        cell.device_type,
        cell.decoder,
        cell.source,
        cell.f_cnt,
    )
