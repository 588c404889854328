"""Back-dated readings from tables: read by eye, or kept by the system before.

Each is stored at its own time under the same key as a reading by radio, so that giving a table again doubles nothing;
what stands there already in the same words is not written again.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from msgspec import Struct

from application.ports.clock import Clock
from application.ports.observation_store import ObservationStore
from application.ports.reading_query import ReadingFilter, ReadingQuery, StoredReading
from domain.errors import DomainError, InvalidValue
from domain.identifiers import DevEui, dev_eui
from domain.observation import (
    Kind,
    Measurand,
    Observation,
    Position,
    Quality,
    Reading,
    Value,
    channel,
    exact_register,
    is_place,
    judged,
    measurand,
)

_SOURCE = "import"
_DECODER = "import@1"
_AHEAD_US = 300 * 1_000_000
"""A reading of the future is a mistake; five minutes are a clock's."""
_QUALITIES = tuple(each.value for each in Quality if each is not Quality.WITHDRAWN)
_DEGREE_EXPONENT = -7
_TRUTH: dict[str, Value] = {"true": True, "false": False}
_TRUE_OR_FALSE = frozenset(
    (
        *("parking.occupied", "lamp.on", "lamp.fault", "meter.connected", "motion.moving", "position.fix"),
        *("device.powered", "device.battery.low", "device.clock_synchronized"),
    )
)
_TEXT_UNIT = "{text}"
"""Digits of such a state are no number: a serial may begin with 0."""
_INT64 = range(-(2**63), 2**63)
_LONGEST_WORD = 256
"""Characters of a state; a device's own say 40."""
_MOST_DIGITS = 40
"""A register has 19; a number of a million digits is an attack."""
_AT_ONCE = 32
"""Devices asked for together: five hundred one after the other would be seconds of waiting for Cassandra."""
_Key = tuple[str, int, str, str]


class Given(Struct, frozen=True):
    """A reading as a table says it."""

    device: str
    event_ns: int
    measurand: str
    value: str
    """In the measurand's unit; a position: latitude and longitude in degrees, with a space between."""
    channel: str = ""
    quality: str = ""


class Imported(Struct, frozen=True):
    """What became of a reading."""

    action: str
    """``created``, ``changed``, ``unchanged`` or ``refused``."""
    before: str = ""
    """The value that stood there, as text in the measurand's unit."""
    reason: str = ""
    message: str = ""
    field: str = ""


class ReadingImport:
    """Checks and stores."""

    def __init__(self, store: ObservationStore, query: ReadingQuery, clock: Clock) -> None:
        self._store = store
        self._query = query
        self._clock = clock

    async def import_readings(self, given: Sequence[Given], *, dry_run: bool = False) -> Sequence[Imported]:
        """Return what became, or with ``dry_run`` would become, of each of ``given``; under one key the last wins.

        Raises:
            Unavailable: not all could be stored; give all again.
        """
        now_us = self._clock.now_us()
        checked = [_checked(each, now_us) for each in given]
        stored = await self._stored([each for each in checked if not isinstance(each, Imported)])
        results: list[Imported] = []
        fresh: dict[_Key, Reading] = {}
        for each in checked:
            if isinstance(each, Imported):
                results.append(each)
                continue
            key, reading = each
            known = stored.get(key)
            before = fresh.get(key) or (known.reading if known is not None else None)
            if before is not None and _is_same(before, reading):
                results.append(Imported("unchanged", text_of(reading)))
                continue
            results.append(Imported("changed", text_of(before)) if before else Imported("created"))
            fresh[key] = reading
        if fresh and not dry_run:
            await self._store.write(_observations(fresh, stored, now_us))
        return results

    async def _stored(self, keys: Iterable[tuple[_Key, Reading]]) -> dict[_Key, StoredReading]:
        """Return what stands under the keys."""
        wanted: dict[str, set[_Key]] = {}
        for key, _ in keys:
            wanted.setdefault(key[0], set()).add(key)
        found: dict[_Key, StoredReading] = {}
        devices = list(wanted.items())
        for start in range(0, len(devices), _AT_ONCE):
            some = devices[start : start + _AT_ONCE]
            for each in await asyncio.gather(*(self._of_device(device, theirs) for device, theirs in some)):
                found.update(each)
        return found

    async def _of_device(self, device: str, keys: set[_Key]) -> dict[_Key, StoredReading]:
        """Return what stands under ``keys``, all of one device."""
        instants = [event_ns for _, event_ns, _, _ in keys]
        asked = ReadingFilter(min(instants), max(instants) + 1, frozenset(name for _, _, name, _ in keys))
        found: dict[_Key, StoredReading] = {}
        async for chunk in self._query.stream([DevEui(device)], asked):
            stood = {(device, each.event_ns, each.reading.measurand, each.reading.channel): each for each in chunk}
            found.update((key, stood[key]) for key in keys & stood.keys())
        return found


def _is_same(stored: Reading, given: Reading) -> bool:
    """Say whether a table says no more than what is stored: it has no column for whose place a place is."""
    return stored == given or (text_of(stored) == text_of(given) and stored.quality == given.quality)


def text_of(reading: Reading) -> str:
    """Return the value of ``reading`` as a table says it: every digit, in the measurand's unit."""
    value = reading.value
    if isinstance(value, Position):
        return f"{_degrees(value.latitude)} {_degrees(value.longitude)}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and reading.exponent:
        return format(Decimal(value).scaleb(reading.exponent), "f")
    return str(value)


def _degrees(steps: int) -> str:
    return format(Decimal(steps).scaleb(_DEGREE_EXPONENT), "f")


def _checked(given: Given, now_us: int) -> tuple[_Key, Reading] | Imported:
    try:
        device, row = dev_eui(given.device), measurand(given.measurand)
        if not 0 <= given.event_ns <= (now_us + _AHEAD_US) * 1_000:
            raise InvalidValue("it lies before 1970 or in the future", field="event_time", value=str(given.event_ns))
        if given.quality and given.quality not in _QUALITIES:
            known = " or ".join(_QUALITIES)
            raise InvalidValue(f"{given.quality!r} is no quality: {known}", field="quality", value=given.quality)
        value = _value(row, given.value.strip())
        exponent = row.exponent if row.kind is Kind.REGISTER else 0
        quality = given.quality or Quality.MEASURED.value
        [reading] = judged((Reading(row.name, channel(given.channel), value, exponent, quality),))
    except DomainError as error:
        return Imported("refused", "", error.reason, error.message, error.attributes.get("field", ""))
    return (device, given.event_ns, reading.measurand, reading.channel), reading


def _value(row: Measurand, text: str) -> Value:
    if row.kind is Kind.REGISTER:
        return _steps(row, text)
    if row.kind is Kind.GAUGE:
        return float(_number(row.name, text))
    if row.kind is Kind.COMPOSITE:
        return _place(text)
    return _state(row, text)


def _state(row: Measurand, text: str) -> Value:
    if row.name in _TRUE_OR_FALSE and text.lower() not in _TRUTH:
        raise InvalidValue(f"{text[:_MOST_DIGITS]!r}: true or false expected", field="value", value=text[:_MOST_DIGITS])
    if row.unit == _TEXT_UNIT:
        return _word(text)
    if text.lower() in _TRUTH:
        return _TRUTH[text.lower()]
    is_number = len(text) <= _MOST_DIGITS and text.isascii() and text.removeprefix("-").isdecimal()
    return number if is_number and str(number := int(text)) == text and number in _INT64 else _word(text)


def _steps(row: Measurand, text: str) -> int:
    sign, digits, exponent = _number(row.name, text).as_tuple()
    raw = int("".join(map(str, digits)) or "0") * (-1 if sign else 1)
    return exact_register(row, raw, int(exponent))


def _number(name: str, text: str) -> Decimal:
    try:
        number = Decimal(text if len(text) <= _MOST_DIGITS else "")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
        raise InvalidValue(f"{text[:_MOST_DIGITS]!r} is no number for {name}", field="value", value=text[:_MOST_DIGITS])
    return number


def _place(text: str) -> Position:
    parts = text.split()
    if len(parts) != 2 or len(text) > 2 * _MOST_DIGITS:  # noqa: PLR2004  latitude and longitude
        raise InvalidValue(f"{text[:_MOST_DIGITS]!r}: latitude and longitude expected", field="value", value="")
    latitude, longitude = (int(_number("position", part).scaleb(-_DEGREE_EXPONENT)) for part in parts)
    place = Position(latitude, longitude, "surveyed")
    if not is_place(place):
        raise InvalidValue(f"{text!r} is no place on earth, or 0/0", field="value", value=text)
    return place


def _word(text: str) -> str:
    if not text:
        raise InvalidValue("a value is missing", field="value", value="")
    if len(text) > _LONGEST_WORD:
        raise InvalidValue(f"a state of {len(text)} characters is none", field="value", value=text[:_MOST_DIGITS])
    return text


def _observations(
    fresh: Mapping[_Key, Reading], stored: Mapping[_Key, StoredReading], now_us: int
) -> list[Observation]:
    """Return ``fresh`` as it is to be stored: later than what stands there, whatever clock that was written by."""
    rows: dict[tuple[str, int], list[Reading]] = {}
    written_us: dict[tuple[str, int], int] = {}
    for key, reading in fresh.items():
        row = key[:2]
        rows.setdefault(row, []).append(reading)
        least_us = stored[key].written_us + 1 if key in stored else 0
        written_us[row] = max(now_us, least_us, written_us.get(row, 0))
    return [
        Observation(DevEui(row[0]), row[1], written_us[row], tuple(readings), decoder=_DECODER, source=_SOURCE)
        for row, readings in rows.items()
    ]
