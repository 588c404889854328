"""A layout: what is the same in all payloads of a kind, and how the values in between are read."""

from collections.abc import Callable
from operator import call
from struct import Struct as Form
from typing import Any

from msgspec import Struct

from domain.decoding.codec import Notice
from domain.decoding.codecs.imst_ioke868.fields import (
    HEADER,
    STATUS,
    TIME,
    TIME_LENGTH,
    Fields,
    is_meter_id,
    walked,
)
from domain.decoding.codecs.imst_ioke868.meter_objects import whole_number
from domain.decoding.codecs.imst_ioke868.numbers import stands_alone
from domain.decoding.codecs.imst_ioke868.readings import identity
from domain.observation import NotExact, Reading

_TELLS = 0xFF

Key = tuple[str, str]
"""Measurand and channel."""
Make = Callable[[Any], Reading]
"""Makes a reading of a value: of an integer or of bytes, as the form of its layout has it."""
_INTEGERS = {1: "b", 2: "h", 4: "i", 8: "q"}
"""How mantissas are taken out as integers, by their length in bytes."""
_LONGEST = 8
_time = Form(">I").unpack_from


class Layout(Struct, frozen=True):
    """How payloads are read that are alike but for their values."""

    values: Callable[[bytes], tuple[Any, ...]]
    """Takes the values out of a payload, in the order of ``makes``."""
    makes: tuple[Make, ...]
    attributes: dict[str, str]
    notices: tuple[Notice, ...]
    time_end: int
    """0: there is no time."""
    consumed: int
    needed: int
    understood: int

    def read(self, data: bytes) -> Fields | None:
        """Return what ``data`` says; None: a register in it does not fit, which is noted field by field."""
        try:
            readings = tuple(map(call, self.makes, self.values(data)))
        except NotExact:
            return None
        end = self.time_end
        return Fields(
            readings,
            self.attributes,
            self.notices,
            self.consumed,
            self.needed,
            _time(data, end - TIME_LENGTH)[0] if end else None,
            end,
            self.understood,
        )


class Examination:
    """Finds out the layout of a payload."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._mask = bytearray(len(data))
        self._form = ">"
        self._makes: dict[Key, Make] = {}
        self._attributes: dict[str, str] = {}
        self._notices: list[Notice] = []
        self._time_end = 0
        self._understood = 0

    @property
    def mask(self) -> bytes:
        """The bytes that tell the layout; those of values, and of what follows a field that is not plain, do not."""
        return bytes(self._mask)

    def layout(self) -> Layout | None:
        """Return the layout; None: there is a field that is not plain."""
        position, needed, length = 0, 0, len(self._data)
        while position + HEADER <= length:
            start = position + HEADER
            end = start + self._data[position + 1]
            if end > length:
                self._tell(position + 1, start)
                needed = end
                break
            self._tell(position, start)
            if not self._take(self._data[position], start, end):
                return None
            self._understood += 1
            position = end
        return Layout(
            Form(self._form).unpack_from,
            tuple(self._makes.values()),
            self._attributes,
            tuple(self._notices),
            self._time_end,
            position,
            needed or position + HEADER,
            self._understood,
        )

    def _take(self, kind: int, start: int, end: int) -> bool:
        """Take the field whose body is from ``start`` to ``end``; say whether it is plain."""
        self._form += f"{HEADER}x"
        if kind == STATUS:
            return self._take_status(start, end)
        if kind == TIME and end - start == TIME_LENGTH and not self._time_end:
            self._form += f"{TIME_LENGTH}x"
            self._time_end = end
            return True
        if is_meter_id(kind) and start < end:
            return self._make(("meter.identity", ""), identity, f"{end - start}s")
        return self._take_number(kind, start, end)

    def _take_status(self, start: int, end: int) -> bool:
        """Take how the meter answers: it changes so seldom that it is part of the layout."""
        self._tell(start, end)
        said = walked(self._data[start - HEADER : end])
        self._form += f"{end - start}x"
        self._attributes |= said.attributes
        self._notices += said.notices
        return bool(said.understood) and all(
            self._make((reading.measurand, reading.channel), _always(reading), "0s") for reading in said.readings
        )

    def _take_number(self, kind: int, start: int, end: int) -> bool:
        found = whole_number(kind, self._data[start:end])
        if found is None:
            self._tell(start, min(start + 1, end))  # in a meter object: which groups are sent
            return False
        number, head = found
        self._tell(start, start + head)
        if not stands_alone(number):
            return False
        self._form += f"{head}x"
        return self._take_mantissa((number.name, number.channel), number.read, start + head, end)

    def _take_mantissa(self, key: Key, make: Make, start: int, end: int) -> bool:
        """Take a mantissa; readers pad theirs with zeros in front, which are part of the layout then."""
        surplus = end - start - _LONGEST
        if surplus > 0 and not any(self._data[start : start + surplus]):
            self._tell(start, start + surplus)
            return self._make(key, make, f"{surplus}xQ")
        code = _INTEGERS.get(end - start)
        if code is not None:
            return self._make(key, make, code)
        return self._make(key, _of_bytes(make), f"{end - start}s")

    def _make(self, key: Key, make: Make, code: str) -> bool:
        """Take a value, which ``code`` takes out; say whether it is the first of its name."""
        is_first = key not in self._makes
        self._makes[key] = make
        self._form += code
        return is_first

    def _tell(self, start: int, end: int) -> None:
        """Have the bytes from ``start`` to ``end`` tell the layout."""
        for at in range(start, end):
            self._mask[at] = _TELLS


def _always(reading: Reading) -> Make:
    def make(_: bytes) -> Reading:
        return reading

    return make


def _of_bytes(make: Make) -> Make:
    def made(mantissa: bytes) -> Reading:
        return make(int.from_bytes(mantissa, signed=True))

    return made
