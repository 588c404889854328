"""Names of what the city's administration has named: ``spots/{spot}``, ``lamps/{lamp}`` and the like."""

import re

from domain.errors import InvalidValue

SPOTS = "spots/"
PARKING_ZONES = "parkingZones/"
LAMPS = "lamps/"
CIRCUITS = "circuits/"
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]{0,63}", re.ASCII)
"""Unreserved characters of RFC 3986, section 2.3."""


def city_name(collection: str, name: str) -> str:
    """Return the resource name of ``name``; empty for none."""
    return collection + name if name else ""


def city_id(collection: str, resource: str, field: str) -> str:
    """Return what the resource name ``resource`` names in ``collection``; ``field`` of the request holds it.

    Raises:
        InvalidValue: it is no name of that collection.
    """
    found = resource.removeprefix(collection)
    if found == resource or not _ID.fullmatch(found):
        message = f"{resource!r} is not {collection}{{name}} with letters, digits and ._~-"
        raise InvalidValue(message, field=field, value=resource)
    return found


def city_id_or_none(collection: str, resource: str, field: str) -> str:
    """Return what ``resource`` names in ``collection``, or an empty text for an empty one.

    Raises:
        InvalidValue: it is no name of that collection.
    """
    return city_id(collection, resource, field) if resource else ""
