"""What holds of whatever a codec returns; for its laws, and for fuzzing."""

from math import isfinite

from domain.decoding import Decoded
from domain.observation import MEASURANDS, Kind, Position, Reading, channel, event_time

_VALUES: dict[Kind, tuple[type, ...]] = {
    Kind.REGISTER: (int,),
    Kind.GAUGE: (float,),
    Kind.STATE: (bool, int, float, str),
    Kind.EVENT: (str,),
    Kind.COMPOSITE: (Position,),
}


def is_sound(reading: Reading) -> bool:
    """Say whether ``reading`` is as the catalogue says, and can be stored and sent."""
    row, value = MEASURANDS[reading.measurand], reading.value
    channel(reading.channel)
    if row.kind is Kind.REGISTER:
        return type(value) is int and reading.exponent == row.exponent and abs(value) < 2**63
    if type(value) is int and not -(2**63) <= value < 2**63:
        return False
    return type(value) in _VALUES[row.kind] and not (isinstance(value, float) and not isfinite(value))


def dated_readings_of(decoded: Decoded, network_ns: int) -> list[tuple[int, Reading]]:
    """Return all readings, each with its instant."""
    return [
        (event_time(snapshot.device_ns, network_ns, snapshot.age_ns)[0], reading)
        for snapshot in decoded.snapshots
        for reading in snapshot.readings
    ]


def is_consistent(decoded: Decoded, network_ns: int) -> bool:
    """Say whether every time fits the stores, and no two readings would share a cell there."""
    dated = dated_readings_of(decoded, network_ns)
    cells = {(instant, reading.measurand, reading.channel) for instant, reading in dated}
    in_range = all(0 <= instant < 2**63 for instant, _ in dated)
    return in_range and len(cells) == len(dated) and all(each.readings for each in decoded.snapshots)


def is_text(decoded: Decoded) -> bool:
    """Say whether attributes and notices are texts that every store and message can hold."""
    texts = [*decoded.attributes.values(), *(part for each in decoded.notices for part in (each.code, each.detail))]
    return all(text.isascii() or _is_utf8(text) for text in texts)


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
