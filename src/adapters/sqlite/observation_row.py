"""An observation as a row, the merging of two rows of one instant, and the readings in it.

A row is a plain tuple in the order of the table's columns: it is bound, journalled and kept in memory as it is. The
readings are one JSON object, ``measurand/channel`` to cell. The row's provenance is that of all its cells; where
observations met at one instant, a cell that came with another carries its own.

Merging takes, cell by cell, the later written; of two written at once the greater, so that order never matters.
"""

from collections.abc import Iterable, Iterator
from math import nan

import msgspec
from msgspec import Struct

from application.ports.reading_query import WITHDRAWN, ReadingFilter, StoredReading
from domain.identifiers import DevEui
from domain.observation import Observation, Reading, Value

Row = tuple[str, int, int, str, int, str, str, str, int, str]
"""DevEUI, event time (ns), write time (µs), time origin, uncertainty (ms), device type, decoder, source, f_cnt,
readings (JSON)."""

Provenance = tuple[int, str, int, str, str, str, int]
"""The columns between key and readings."""


class Cell(Struct, frozen=True, gc=False, omit_defaults=True):
    """One reading in a row."""

    value: Value | None
    """None: no number (JSON has no word for it)."""
    exponent: int = 0
    quality: str = "measured"
    of: Provenance | None = None
    """Where it came from, if not from where the row did."""


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(dict[str, Cell]).decode


def row_of(observation: Observation) -> Row:
    """Return ``observation`` as a row."""
    cells = {
        f"{reading.measurand}/{reading.channel}": Cell(reading.value, reading.exponent, reading.quality)
        for reading in observation.readings
    }
    return (
        observation.dev_eui,
        observation.event_ns,
        observation.written_us,
        observation.time_origin,
        observation.uncertainty_ms,
        observation.device_type,
        observation.decoder,
        observation.source,
        observation.f_cnt,
        _encode(cells).decode(),
    )


def merged(one: Row, other: Row) -> Row:
    """Return what two rows of one key are together; the same whichever comes first."""
    if one == other:
        return one
    cells = _cells(one)
    for key, cell in _cells(other).items():
        before = cells.get(key)
        if before is None or _rank(cell) > _rank(before):
            cells[key] = cell
    provenance = max((cell.of for cell in cells.values() if cell.of is not None), default=one[2:9])
    written = {
        key: Cell(cell.value, cell.exponent, cell.quality, None if cell.of == provenance else cell.of)
        for key, cell in sorted(cells.items())
    }
    return (one[0], one[1], *provenance, _encode(written).decode())


def by_event(rows: Iterable[Row]) -> dict[int, Row]:
    """Return ``rows`` of one device by event time, those of one instant merged."""
    events: dict[int, Row] = {}
    for row in rows:
        before = events.get(row[1])
        events[row[1]] = row if before is None else merged(before, row)
    return events


def readings_of(row: Row, asked: ReadingFilter) -> list[StoredReading]:
    """Return the readings of ``row`` that are asked for, by measurand and channel; its time is not looked at."""
    return sorted(_asked_for(row, asked), key=_measurand_and_channel)


def _asked_for(row: Row, asked: ReadingFilter) -> Iterator[StoredReading]:
    for key, cell in _decode(row[9]).items():
        measurand, _, channel = key.partition("/")
        if asked.measurands and measurand not in asked.measurands:
            continue
        if (asked.channels is not None and channel not in asked.channels) or cell.quality == WITHDRAWN:
            continue
        value = nan if cell.value is None else cell.value
        reading = Reading(measurand, channel, value, cell.exponent, cell.quality)
        written_us, origin, uncertainty_ms, device_type, decoder, source, f_cnt = cell.of or row[2:9]
        yield StoredReading(
            DevEui(row[0]),
            row[1],
            reading,
            written_us,
            origin,
            uncertainty_ms,
            device_type,
            decoder,
            source,
            f_cnt,
        )


def _measurand_and_channel(stored: StoredReading) -> tuple[str, str]:
    return stored.reading.measurand, stored.reading.channel


def _cells(row: Row) -> dict[str, Cell]:
    """Return the cells of ``row``, each with its provenance."""
    own = row[2:9]
    return {
        key: cell if cell.of else Cell(cell.value, cell.exponent, cell.quality, own)
        for key, cell in _decode(row[9]).items()
    }


def _rank(cell: Cell) -> tuple[int, bytes]:
    return (cell.of[0] if cell.of else 0), _encode(cell)
