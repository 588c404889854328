"""Values of readings as the API carries them: exact where they are exact, and never a NaN."""

import math
from decimal import Context, Decimal
from enum import StrEnum

from domain.observation import MEASURANDS, Kind, Position, Value
from stadtfunk.api.reading.v1 import reading_pb2

_INT64 = range(-(2**63), 2**63)
_EXACT_IN_A_DOUBLE = 2**53
_DIGITS = Context(prec=40)
"""The 19 digits of a 64-bit integer, and room for an exponent that fills up with zeros."""


class ValueKind(StrEnum):
    """The fields of the message Value."""

    NONE = ""
    """The API has no place for it: an integer beyond 64 bits, or a number that is not finite."""
    REGISTER = "register_value"
    DOUBLE = "double_value"
    BOOL = "bool_value"
    INT64 = "int64_value"
    STRING = "string_value"
    POSITION = "position_value"


def value_kind(measurand: str, value: Value, exponent: int) -> ValueKind:
    """Return which kind of value a reading has in the API."""
    if isinstance(value, bool):
        return ValueKind.BOOL
    if isinstance(value, int):
        return _kind_of_integer(measurand, value, exponent)
    if isinstance(value, float):
        return ValueKind.DOUBLE if math.isfinite(value) else ValueKind.NONE
    return ValueKind.STRING if isinstance(value, str) else ValueKind.POSITION


def _kind_of_integer(measurand: str, value: int, exponent: int) -> ValueKind:
    """Tell registers from codes by the catalogue; a store may also give a whole gauge back as an integer."""
    if value not in _INT64:
        return ValueKind.NONE
    row = MEASURANDS.get(measurand)
    kind = row.kind if row else None
    if kind is Kind.REGISTER or exponent:
        return ValueKind.REGISTER
    if kind is Kind.GAUGE and abs(value) <= _EXACT_IN_A_DOUBLE:
        return ValueKind.DOUBLE
    return ValueKind.INT64


def value_message(measurand: str, value: Value, exponent: int) -> reading_pb2.Value:
    """Return ``value`` as a message; no kind is set if the API has no place for it."""
    kind = value_kind(measurand, value, exponent)
    message = reading_pb2.Value()
    if kind is ValueKind.REGISTER and isinstance(value, int):
        message.register_value.CopyFrom(register_message(value, exponent))
    elif isinstance(value, Position):
        message.position_value.CopyFrom(position_message(value))
    elif kind is not ValueKind.NONE:
        setattr(message, kind, value)
    return message


def register_message(unscaled: int, exponent: int) -> reading_pb2.Register:
    """Return the exact decimal ``unscaled`` · 10^``exponent`` as a message."""
    decimal = Decimal(unscaled).scaleb(exponent, _DIGITS)
    return reading_pb2.Register(unscaled=unscaled, exponent=exponent, decimal=f"{decimal:f}")


def value_of(message: reading_pb2.Value) -> tuple[Value, int]:
    """Return the value that ``message`` carries, and its exponent; NaN if it carries none."""
    kind = message.WhichOneof("kind")
    if kind is None:
        return math.nan, 0
    if kind == "register_value":
        return message.register_value.unscaled, message.register_value.exponent
    if kind == "position_value":
        return position_of(message.position_value), 0
    plain: Value = getattr(message, kind)
    return plain, 0


def position_message(place: Position) -> reading_pb2.Position:
    """Return ``place`` as a message."""
    return reading_pb2.Position(
        latitude_e7=place.latitude,
        longitude_e7=place.longitude,
        source=place.source,
        altitude_meters=place.altitude_m,
        accuracy_meters=place.accuracy_m,
        satellite_count=place.satellites,
    )


def position_of(message: reading_pb2.Position) -> Position:
    """Return the place that ``message`` carries."""
    return Position(
        message.latitude_e7,
        message.longitude_e7,
        message.source,
        message.altitude_meters if message.HasField("altitude_meters") else None,
        message.accuracy_meters if message.HasField("accuracy_meters") else None,
        message.satellite_count if message.HasField("satellite_count") else None,
    )
