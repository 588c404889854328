"""What the meter says of itself: after it joined, and on demand.

Source: as the package.
"""

from collections.abc import Callable

from msgspec import Struct

from domain.observation import Reading, state

ERROR_CODE, SERIAL = 0xF0, 0xF1

_ALARMS = ("clock_changed", "ct_changed", "vt_changed", "pulse_width_changed", "pulse_rate_changed", "power_failed")
_LOGBOOK_FULL = 0x80


class Attribute(Struct, frozen=True):
    """A fact by its name, its length in bytes, and how it is written."""

    name: str
    length: int
    text: Callable[[bytes], str]


def digits(body: bytes) -> str:
    """Return a number of two decimal digits a byte, lowest first, as it stands on the meter."""
    return body[::-1].hex()


def alarms(code: int) -> list[Reading]:
    """Return what each bit of the error code says."""
    found = [state("device.alarm", word, bool(code >> bit & 1)) for bit, word in enumerate(_ALARMS)]
    return [*found, state("device.alarm", "logbook_full", bool(code & _LOGBOOK_FULL))]


def _number(body: bytes) -> str:
    return str(int.from_bytes(body, "little"))


def _year(body: bytes) -> str:
    """Return the year, a digit a byte."""
    return "".join(str(byte) for byte in body)


def _text(body: bytes) -> str:
    """Return what is visible of a text, which ends with zeros."""
    return "".join(character for character in body.decode("latin-1") if character.isprintable())


ATTRIBUTES = {
    0xF2: Attribute("meter.factory_number", 4, digits),
    0xF3: Attribute("meter.current_transformer_primary", 2, _number),
    0xF4: Attribute("meter.current_transformer_secondary", 2, _number),
    0xF5: Attribute("meter.voltage_transformer_primary", 2, _number),
    0xF6: Attribute("meter.voltage_transformer_secondary", 2, _number),
    0xF7: Attribute("meter.type", 1, _number),
    0xF8: Attribute("meter.mid_year", 4, _year),
    0xF9: Attribute("meter.manufactured", 4, _year),
    0xFA: Attribute("firmware", 4, _text),
    0xFB: Attribute("meter.mid_version", 4, _text),
    0xFC: Attribute("meter.manufacturer", 4, _text),
    0xFD: Attribute("hardware", 4, _text),
}

TIMES = (0x00, 0x01, 0x02, 0xFE)
"""Index, time and previous time of the data logger, and the clock: the frame begins with the time that counts."""
LENGTHS = {
    **dict.fromkeys((*TIMES, SERIAL), 4),
    ERROR_CODE: 1,
    **{kind: attribute.length for kind, attribute in ATTRIBUTES.items()},
}
"""Bytes by type of field."""
