"""Results as rows of a table: which columns, and which results are rows of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct

from adapters.csv.reading_columns import READING_COLUMNS
from adapters.csv.safe_cells import safe
from application.ports.derived_feed import Derived
from application.reading_import import text_of
from domain.observation import MEASURANDS, Observation, Position, Reading, Subject, parts_of
from domain.radio import ConnectionInfo
from domain.rfc3339 import format_rfc3339

POSITION_COLUMNS = (
    *("device", "time", "latitude", "longitude", "altitude_m", "accuracy_m", "satellites", "place_source"),
    *("quality", "channel"),
)
RADIO_COLUMNS = (
    *("device", "device_id", "time", "source", "f_cnt", "data_rate", "frequency_hz", "airtime_ns"),
    *("gateway", "rssi_dbm", "snr_db"),
)
RADIO_METADATA = "radio_metadata"
_DEGREE = 7
"""Digits behind the point of a degree."""
Cells = Sequence[str]


class ResultRows(Struct, frozen=True):
    """What of a batch goes into a table."""

    columns: Sequence[str]
    rows: Callable[[Derived], tuple[list[Cells], int]]
    """Return the rows, and how many records of the batch they are from."""


def result_rows(what: str) -> ResultRows:
    """Return the table of ``what``: ``radio_metadata`` or a ``Subject``.

    Raises:
        ValueError: it is neither.
    """
    if what == RADIO_METADATA:
        return ResultRows(RADIO_COLUMNS, _radio)
    subject = Subject(what)
    if subject is Subject.POSITIONS:
        return ResultRows(POSITION_COLUMNS, _positions)
    return ResultRows(READING_COLUMNS, lambda batch: _readings(parts_of(batch.observations, subject)))


def _readings(observations: Sequence[Observation]) -> tuple[list[Cells], int]:
    """Return readings as ``stadtfunk import readings`` takes them."""
    rows = [
        _reading(each, format_rfc3339(each.event_ns), reading) for each in observations for reading in each.readings
    ]
    return rows, len(observations)


def _reading(observation: Observation, time: str, reading: Reading) -> Cells:
    row = MEASURANDS.get(reading.measurand)
    value, unit = text_of(reading), row.unit if row is not None else ""
    cells = (observation.dev_eui, time, reading.measurand, reading.channel, value, unit, reading.quality)
    return [safe(cell) for cell in cells]


def _positions(batch: Derived) -> tuple[list[Cells], int]:
    rows: list[Cells] = []
    records = 0
    for observation in batch.observations:
        places = [(each, each.value) for each in observation.readings if isinstance(each.value, Position)]
        records += bool(places)
        rows += [_position(observation, reading, place) for reading, place in places]
    return rows, records


def _position(observation: Observation, reading: Reading, place: Position) -> Cells:
    cells: Mapping[str, object] = {
        "device": observation.dev_eui,
        "time": format_rfc3339(observation.event_ns),
        "latitude": _degrees(place.latitude),
        "longitude": _degrees(place.longitude),
        "altitude_m": place.altitude_m,
        "accuracy_m": place.accuracy_m,
        "satellites": place.satellites,
        "place_source": place.source,
        "quality": reading.quality,
        "channel": reading.channel,
    }
    return _texts(cells[column] for column in POSITION_COLUMNS)


def _radio(batch: Derived) -> tuple[list[Cells], int]:
    """Return a row for each gateway that heard an uplink; one without, where none is known."""
    return [row for each in batch.connections for row in _heard(each)], len(batch.connections)


def _heard(info: ConnectionInfo) -> list[Cells]:
    uplink = (info.dev_eui, info.device_id, info.time, info.source, info.f_cnt, info.data_rate, info.frequency_hz)
    told = _texts([*uplink, info.airtime_ns or None])
    heard = [_texts([each.gateway_id, each.rssi_dbm, each.snr_db]) for each in info.receptions]
    return [[*told, *gateway] for gateway in heard or [_texts([info.gateway_id, None, None])]]


def _texts(values: Iterable[object]) -> list[str]:
    return ["" if value is None else safe(str(value)) for value in values]


def _degrees(steps: int) -> str:
    """Return degrees · 10^7 in degrees, to the last digit."""
    sign, whole = "-" if steps < 0 else "", abs(steps)
    return f"{sign}{whole // 10**_DEGREE}.{whole % 10**_DEGREE:0{_DEGREE}d}"
