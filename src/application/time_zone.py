"""Time zones by their names, from the system's IANA database."""

from datetime import tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.errors import InvalidValue


def time_zone(name: str) -> tzinfo:
    """Return the zone called ``name``, such as ``Europe/Berlin``.

    Raises:
        InvalidValue: the database has none.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidValue(f"{name!r} is no time zone: Europe/Berlin or the like expected", field="time_zone") from None
