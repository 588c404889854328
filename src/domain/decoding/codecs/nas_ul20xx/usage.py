"""Usage packets: what each driver, and the controller's own meter, has consumed so far (ports 25 and 26).

A packet is a list of addresses; a byte behind each says which values follow. All are kept as sent: the vendor's decoder
rounds seconds to hours.
"""

from collections.abc import Callable
from struct import Struct

from domain.decoding.byte_reader import ByteReader
from domain.decoding.codec import Decoded, Notice, Snapshot
from domain.decoding.codecs.nas_ul20xx.addresses import METERED, invalid_address
from domain.decoding.refusals import malformed, too_short
from domain.observation import Reading, gauge, register

_UNKNOWN_POWER_FACTOR = 0xFF
_HEAD = 2
"""Bytes before the values: address and which values follow."""


def _energy(channel: str, watt_hours: int) -> Reading:
    return register("electricity.energy.active.import", channel, watt_hours)


def _power(channel: str, watts: int) -> Reading:
    return gauge("electricity.power.active", channel, watts)


def _load_energy(channel: str, watt_hours: int) -> Reading:
    return register("electricity.energy.active.import", f"{channel}.load", watt_hours)


def _load_power(channel: str, watts: int) -> Reading:
    return gauge("electricity.power.active", f"{channel}.load", watts)


def _power_factor(channel: str, hundredths: int) -> Reading | None:
    if hundredths == _UNKNOWN_POWER_FACTOR:
        return None
    return gauge("electricity.power_factor", channel, hundredths / 100)


def _voltage(channel: str, volts: int) -> Reading:
    return gauge("electricity.voltage", channel, volts)


def _driver_on_time(channel: str, seconds: int) -> Reading:
    return register("lamp.driver.on_time", channel, seconds)


def _lamp_on_time(channel: str, seconds: int) -> Reading:
    return register("lamp.on_time", channel, seconds)


_FIELDS: tuple[tuple[str, Callable[[str, int], Reading | None]], ...] = (
    ("I", _energy),
    ("H", _power),
    ("I", _load_energy),
    ("H", _load_power),
    ("B", _power_factor),
    ("B", _voltage),
    ("I", _driver_on_time),
    ("I", _lamp_on_time),
)
"""By bit of the byte that says what follows: its form and what it means."""


def _layout(flags: int) -> tuple[Struct, tuple[Callable[[str, int], Reading | None], ...]]:
    sent = [field for bit, field in enumerate(_FIELDS) if flags >> bit & 1]
    return Struct("<" + "".join(form for form, _ in sent)), tuple(meaning for _, meaning in sent)


_LAYOUTS = tuple(_layout(flags) for flags in range(256))


def usage(reader: ByteReader) -> Decoded:
    """Return what a usage packet of firmware 1.0 says; ``reader`` stands at its beginning."""
    return _usage(reader.rest())


def usage_1_1(reader: ByteReader) -> Decoded:
    """Return what a usage packet of firmware 1.1 says; it begins with a byte for packets to come."""
    kind = reader.u8()
    if kind:
        raise malformed("usage packets of this kind are unknown")
    return _usage(reader.rest())


def _usage(data: bytes) -> Decoded:
    readings: list[Reading] = []
    notices: list[Notice] = []
    seen: set[int] = set()
    position, length = 0, len(data)
    if not length:
        raise too_short(length, _HEAD)
    while position < length:
        if position + _HEAD > length:
            raise too_short(length, position + _HEAD)
        address, flags = data[position], data[position + 1]
        layout, meanings = _LAYOUTS[flags]
        position += _HEAD
        end = position + layout.size
        if end > length:
            raise too_short(length, end)
        if address in seen:
            raise malformed("an address is given two usages")
        seen.add(address)
        values = layout.unpack_from(data, position)
        position = end
        channel = METERED[address]
        if channel is None:
            notices.append(invalid_address(address, _in_words(meanings, values)))
            continue
        for meaning, value in zip(meanings, values, strict=True):
            reading = meaning(channel, value)
            if reading is not None:
                readings.append(reading)
    return Decoded((Snapshot(tuple(readings)),) if readings else (), {}, tuple(notices))


def _in_words(meanings: tuple[Callable[[str, int], Reading | None], ...], values: tuple[int, ...]) -> str:
    names = (meaning.__name__.lstrip("_") for meaning in meanings)
    return ", ".join(f"{name} {value}" for name, value in zip(names, values, strict=True))
