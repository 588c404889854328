"""The readings of one payload in the making: one for each measurand and channel."""

from msgspec import Struct

from domain.decoding.codec import Notice
from domain.observation import Reading, gauge


class Readings(Struct):
    """What a payload says so far."""

    readings: dict[tuple[str, str], Reading] = {}
    """By measurand and channel."""
    attributes: dict[str, str] = {}
    notices: list[Notice] = []
    one_way: dict[tuple[str, str], float] = {}
    """Powers given apart for each direction, added up."""
    without_unit: dict[tuple[str, str], Reading] = {}
    """Numbers whose unit is not said."""

    def add(self, reading: Reading) -> None:
        """Take ``reading``; what contradicts an earlier one of the same payload is only noted."""
        key = reading.measurand, reading.channel
        known = self.readings.setdefault(key, reading)
        if known is not reading and known.value != reading.value:
            self.notices.append(Notice("value_repeated", f"{key[0]} {key[1]}: {known.value}, {reading.value}"))

    def add_without_unit(self, reading: Reading) -> None:
        """Take a number whose unit is not said: it counts if nothing better comes."""
        self.without_unit.setdefault((reading.measurand, reading.channel), reading)

    def add_one_way(self, name: str, channel: str, value: float) -> None:
        """Take a power that the meter gives apart for each direction; positive from grid to customer."""
        key = name, channel
        self.one_way[key] = self.one_way.get(key, 0.0) + value

    def add_identity(self, raw: bytes) -> bool:
        """Take the meter's own number; say whether there is one."""
        if raw:
            self.add(identity(raw))
        return bool(raw)

    def finish(self) -> None:
        """Take the powers given apart as one, where the meter does not give their sum, and numbers without unit."""
        for key, reading in self.without_unit.items():
            self.readings.setdefault(key, reading)
        for key, value in self.one_way.items():
            if key not in self.readings:
                self.readings[key] = gauge(*key, value)


def identity(raw: bytes) -> Reading:
    """Return the meter's own number: text, or bytes (the SML server ID) in hex."""
    text = raw.decode() if raw.isalnum() else text_or_hex(raw)  # nearly every number is letters and digits of ASCII
    return Reading("meter.identity", "", text, 0, "measured")


def text_or_hex(raw: bytes) -> str:
    """Return ``raw`` as the text it is, or in hex if a byte of it is no visible character of ASCII."""
    if raw.isascii():
        text = raw.decode("ascii")
        if text.isprintable() and " " not in text:
            return text
    return raw.hex()
