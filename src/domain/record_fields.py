"""Rules that fields of master data have in common, whatever the record is of."""

import re

from domain.errors import InvalidValue
from domain.identifiers import dev_eui
from domain.observation import DataClass, Position, is_place

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]{0,63}", re.ASCII)
"""Unreserved characters of RFC 3986, section 2.3, so that a name is also a segment of a resource name."""


def check_name(text: str, field: str, *, is_optional: bool = False) -> None:
    """Return if ``text`` can be the name of something.

    Raises:
        InvalidValue: it is empty, too long, or has other characters than letters, digits and ``._~-``.
    """
    if not _NAME.fullmatch(text) and not (is_optional and not text):
        raise InvalidValue(f"{text!r} is no name: up to 64 letters, digits and ._~- expected", field=field, value=text)


def check_not_negative(number: int, field: str) -> None:
    """Return if ``number`` is 0 or more.

    Raises:
        InvalidValue: it is not.
    """
    if number < 0:
        raise InvalidValue(f"{field} = {number}: 0 or more expected", field=field, value=str(number))


def check_device(text: str) -> None:
    """Return if ``text`` is empty or a DevEUI as it is written here.

    Raises:
        InvalidValue: it is not.
    """
    if text and dev_eui(text) != text:
        raise InvalidValue(f"{text!r}: 16 lower-case hex digits expected", field="dev_eui", value=text)


def check_place(place: Position | None) -> None:
    """Return if ``place`` is not known or on earth.

    Raises:
        InvalidValue: it is not.
    """
    if place is not None and not is_place(place):
        raise InvalidValue("no place on earth, or 0/0, which no survey says", field="place", value=str(place))


def check_data_class(text: str) -> None:
    """Return if ``text`` is empty or a data class.

    Raises:
        InvalidValue: it is not.
    """
    if text and text not in list(DataClass):
        known = ", ".join(DataClass)
        raise InvalidValue(f"no data class {text!r}: {known}", field="data_class", value=text)
