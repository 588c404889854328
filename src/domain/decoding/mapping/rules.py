"""The rules of a mapping: each says what one field of a script's ``data`` means."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from math import isinf

from msgspec import Struct

from domain.decoding.codec import Notice
from domain.decoding.mapping.channel_text import ChannelText
from domain.decoding.mapping.number import number, product, whole
from domain.decoding.mapping.path import Data, Path
from domain.errors import InvalidValue
from domain.observation import Kind, Measurand, Position, Reading, gauge, position, register, state
from domain.rfc3339 import NS_PER_S, parse_rfc3339

_SHOWN = 80
_LIMIT = 2**63
"""Stores and messages keep whole numbers in 64 bits."""
_DEGREE_DIGITS = 7
_NS_PER_MS = NS_PER_S // 1_000


class TimeFormat(StrEnum):
    """How scripts write instants."""

    RFC3339 = "rfc3339"
    """``2026-01-01T12:00:00Z``, as every Date of JavaScript becomes in JSON."""
    UNIX_S = "unix_s"
    """Seconds since 1970-01-01 UTC."""
    UNIX_MS = "unix_ms"


class TimeRule(Struct, frozen=True):
    """When values were true: by the device's clock (``path``), or as their age when the frame was sent."""

    path: Path | None = None
    format: TimeFormat = TimeFormat.RFC3339
    age: Path | None = None
    age_factor: Decimal = Decimal(1)
    """Seconds in one of the age's unit."""

    @property
    def lists(self) -> int:
        """Through how many lists the time is found: readings that agree in so many indices share it."""
        path, age = self.path, self.age
        return max(path.depth if path is not None else 0, age.depth if age is not None else 0)

    def of(self, data: Data, indices: tuple[int, ...]) -> tuple[int | None, int]:
        """Return the device's time in ns since 1970-01-01 UTC (None: it gave none), and the age in ns.

        Raises:
            InvalidValue: what stands there is no time, or no age.
        """
        said = None if self.path is None else self.path.at(data, indices)
        age = None if self.age is None else self.age.at(data, indices)
        instant = None if said is None or self.path is None else _instant(said, self.format, self.path)
        if age is None or self.age is None:
            return instant, 0
        seconds = product(_needed(age, self.age), self.age_factor)
        return instant, _whole(product(seconds, Decimal(NS_PER_S)), self.age)


class ValueRule(Struct, frozen=True):
    """One field is one measurand, in the channel that it or its neighbours name."""

    path: Path
    measurand: Measurand
    channel: ChannelText
    factor: Decimal = Decimal(1)
    digits: int | None = None
    states: Mapping[str, bool | int | str] | None = None
    """What each value means, by its text; other values are refused."""
    missing: frozenset[str] = frozenset()
    """Values, as text, by which the device says that it has none."""
    time: TimeRule | None = None

    def readings(self, data: Data) -> Iterator[tuple[tuple[int, ...], Reading]]:
        """Yield the readings that are there, with the indices that lead to them.

        Raises:
            InvalidValue: a value is not what the rule says.
        """
        for indices, value in self.path.each(data):
            if not self.missing or text_of(value) not in self.missing:
                yield indices, self._reading(value, self.channel.of(data, indices))

    def _reading(self, value: Data, channel: str) -> Reading:
        name, kind = self.measurand.name, self.measurand.kind
        if self.states is not None:
            found = self.states.get(text_of(value))
            if found is None:
                raise _refused(self.path, value, f"one of {', '.join(self.states)} expected: add it to states")
            return state(name, channel, found)
        if kind in {Kind.STATE, Kind.EVENT} and isinstance(value, bool | str):
            return state(name, channel, value)
        scaled = product(_needed(value, self.path, self.digits), self.factor)
        if kind is Kind.REGISTER:
            return register(name, channel, *whole(scaled))
        if kind is Kind.GAUGE or scaled != scaled.to_integral_value():
            return gauge(name, channel, _finite(scaled, self.path))
        return state(name, channel, _whole(scaled, self.path))


class PositionRule(Struct, frozen=True):
    """Two or more fields are a place; without latitude or longitude there is none."""

    latitude: Path
    longitude: Path
    altitude: Path | None = None
    accuracy: Path | None = None
    satellites: Path | None = None
    source: str = "gnss"
    time: TimeRule | None = None

    def readings(self, data: Data) -> Iterator[tuple[tuple[int, ...], Reading]]:
        """Yield the places that are there; see ``ValueRule.readings``."""
        for indices, latitude in self.latitude.each(data):
            longitude = self.longitude.at(data, indices)
            if longitude is not None:
                yield indices, position("", self._place(data, indices, latitude, longitude))

    def _place(self, data: Data, indices: tuple[int, ...], latitude: Data, longitude: Data) -> Position:
        satellites = _number_at(self.satellites, data, indices)
        return Position(
            _ten_millionths(latitude, self.latitude),
            _ten_millionths(longitude, self.longitude),
            self.source,
            _metres(self.altitude, data, indices),
            _metres(self.accuracy, data, indices),
            None if satellites is None or self.satellites is None else _whole(satellites, self.satellites),
        )


class AttributeRule(Struct, frozen=True):
    """One field is what the device reports of itself."""

    path: Path
    name: str

    def attribute(self, data: Data) -> str | None:
        """Return the attribute's text, or None."""
        return next((text_of(value) for _, value in self.path.each(data)), None)


class NoticeRule(Struct, frozen=True):
    """One field, whatever its value or with one of some values, is a notice."""

    path: Path
    code: str
    when: frozenset[str] = frozenset()
    """Values, as text; empty: any but false and 0."""

    def notices(self, data: Data) -> Iterator[Notice]:
        """Yield the notices that are there."""
        for _, value in self.path.each(data):
            text = text_of(value)
            if text in self.when if self.when else text not in {"false", "0", ""}:
                yield Notice(self.code, text)


def text_of(value: Data) -> str:
    """Return a value as a mapping writes it: ``true``, ``12.5``, ``open``.

    Raises:
        InvalidValue: it is a list or an object.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    raise InvalidValue(f"{repr(value)[:_SHOWN]} is no single value", value=repr(value)[:_SHOWN])


def _instant(said: Data, written: TimeFormat, path: Path) -> int:
    if written is TimeFormat.RFC3339:
        if not isinstance(said, str):
            raise _refused(path, said, "an RFC 3339 time expected: set the format of the time")
        return parse_rfc3339(said)
    unit = Decimal(NS_PER_S if written is TimeFormat.UNIX_S else _NS_PER_MS)
    return _whole(product(_needed(said, path), unit), path)


def _number_at(path: Path | None, data: Data, indices: tuple[int, ...]) -> Decimal | None:
    found = None if path is None else path.at(data, indices)
    return None if found is None or path is None else _needed(found, path)


def _needed(value: Data, path: Path, digits: int | None = None) -> Decimal:
    found = number(value, digits)
    if found is None:
        raise _refused(path, value, "a number expected: give its states, or name it among the missing")
    return found


def _ten_millionths(degrees: Data, path: Path) -> int:
    return _whole(_needed(degrees, path, _DEGREE_DIGITS).scaleb(_DEGREE_DIGITS), path)


def _metres(path: Path | None, data: Data, indices: tuple[int, ...]) -> float | None:
    found = _number_at(path, data, indices)
    return None if found is None or path is None else _finite(found, path)


def _whole(value: Decimal, path: Path) -> int:
    if not -_LIMIT <= value < _LIMIT:
        raise _refused(path, value, "it has more than 64 bits")
    return int(value)


def _finite(value: Decimal, path: Path) -> float:
    if isinf(found := float(value)):
        raise _refused(path, value, "it is beyond every float")
    return found


def _refused(path: Path, value: Data, remedy: str) -> InvalidValue:
    shown = repr(value)[:_SHOWN]
    return InvalidValue(f"{path.text} = {shown}: {remedy}", field=path.text, value=shown)
