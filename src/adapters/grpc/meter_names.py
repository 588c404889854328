"""Names of metering points, ``meteringPoints/{metering_point}``, and of what lies below."""

from domain.errors import InvalidValue
from domain.meter import PointId, point_id

_POINTS = "meteringPoints/"
_CONSUMPTION = "/consumption"
ALL_POINTS = "meteringPoints/-"
"""Of all metering points (AIP-159)."""


def point_name(point: PointId) -> str:
    """Return the name of a metering point."""
    return _POINTS + point


def point_of(name: str, field: str) -> PointId:
    """Return the metering point that ``name`` names; ``field`` of the request holds it.

    Raises:
        InvalidValue: it is no name of a metering point.
    """
    if not name.startswith(_POINTS):
        raise InvalidValue(f"{name!r} is not meteringPoints/{{metering_point}}", field=field, value=name)
    try:
        return point_id(name[len(_POINTS) :])
    except InvalidValue as error:
        raise InvalidValue(error.message, field=field, value=name) from None


def consumption_name(point: PointId) -> str:
    """Return the name of what is used at a metering point."""
    return point_name(point) + _CONSUMPTION


def point_of_consumption(name: str, field: str) -> PointId:
    """Return the metering point whose consumption ``name`` names.

    Raises:
        InvalidValue: it is no name of a metering point's consumption.
    """
    if not name.endswith(_CONSUMPTION):
        message = f"{name!r} is not meteringPoints/{{metering_point}}/consumption"
        raise InvalidValue(message, field=field, value=name)
    return point_of(name.removesuffix(_CONSUMPTION), field)
