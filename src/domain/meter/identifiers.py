"""Names of metering points and meters, checked where they enter."""

import re
from typing import NewType

from domain.errors import InvalidValue

PointId = NewType("PointId", str)
"""A metering point, such as a German Messlokation ``DE0001…`` or the city's own name for it."""
MeterId = NewType("MeterId", str)
"""A meter as the city's registry names it; what stands on its plate is ``Meter.serials``."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]{0,63}", re.ASCII)
"""Unreserved characters of RFC 3986, section 2.3, so that a name is also a segment of a resource name."""


def point_id(text: str) -> PointId:
    """Return ``text`` as the name of a metering point.

    Raises:
        InvalidValue: it is empty, too long, or has other characters than letters, digits and ``._~-``.
    """
    return PointId(_name(text, "metering_point"))


def meter_id(text: str) -> MeterId:
    """Return ``text`` as the name of a meter.

    Raises:
        InvalidValue: as for ``point_id``.
    """
    return MeterId(_name(text, "meter"))


def _name(text: str, field: str) -> str:
    if not _NAME.fullmatch(text):
        raise InvalidValue(f"{text!r} is no name: up to 64 letters, digits and ._~- expected", field=field, value=text)
    return text
