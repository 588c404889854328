"""Adeunis FTD (Field Test Device): tells how well a place is covered, and where that place is.

Source: the maker's user guides (Field Test Device LoRaWAN, EU 863-870 V1.1.3 and US 902-928 V1.0.0, section 4). The
first byte says what follows, on whatever port. Numbers are big-endian; places are degrees and minutes in decimal
digits. In the 902 and 923 MHz bands there are two frames, one with the place and one with all else.
"""

from struct import Struct

from domain.decoding.byte_reader import ByteReader
from domain.decoding.codec import Context, Decoded, Notice, Payload, Snapshot
from domain.decoding.refusals import malformed
from domain.observation import Position, Reading, gauge, position, register, state

_TEMPERATURE, _ACCELEROMETER, _BUTTON, _PLACE, _UPLINKS, _DOWNLINKS, _BATTERY, _RADIO = (
    *(0x80, 0x40, 0x20, 0x10),
    *(0x08, 0x04, 0x02, 0x01),
)
_PLACE_LENGTH = 8
_MILLIVOLTS = Struct(">H")
_MINUTES = 60
_HEMISPHERE = 0x1
_QUALITIES = tuple(
    Notice("position_quality", {1: "good", 2: "average", 3: "poor"}.get(code, str(code))) for code in range(16)
)
_BUTTON_PRESSED = tuple(state("device.alarm", "button", on) for on in (False, True))


def decode(payload: Payload, context: Context) -> Decoded:
    """Return what ``payload`` means; the device sends nothing in pieces, so that ``context`` stays empty.

    Raises:
        Undecodable: the length is not what the first byte announces, or digits are none.
    """
    del context
    reader = ByteReader(payload.data)
    status = reader.u8()
    readings: list[Reading] = []
    notices: list[Notice] = []
    if status & _TEMPERATURE:
        readings.append(gauge("device.temperature", "", reader.i8()))
    _add_trigger(status, readings, notices)
    if status & _PLACE:
        _add_place(reader, readings, notices)
    _add_link(status, reader, readings)
    reader.end()
    return Decoded((Snapshot(tuple(readings)),) if readings else (), {}, tuple(notices))


def _add_trigger(status: int, readings: list[Reading], notices: list[Notice]) -> None:
    """Add why the frame was sent, where it says so: of two frames, only the one for the place does."""
    if status & _BUTTON:
        readings.append(_BUTTON_PRESSED[True])
    elif status & _PLACE or not status:
        readings.append(_BUTTON_PRESSED[False])
    if status & _ACCELEROMETER:
        notices.append(Notice("triggered", "accelerometer"))


def _add_place(reader: ByteReader, readings: list[Reading], notices: list[Notice]) -> None:
    digits, quality = reader.take(_PLACE_LENGTH).hex(), reader.u8()
    numbers = digits[0:7] + digits[8:15]
    if not numbers.isdecimal():
        raise malformed("a place is not written in digits")
    degrees, thousandths = divmod(int(numbers[:7]), 100_000)
    latitude = _angle(degrees, thousandths, digits[7])
    degrees, hundredths = divmod(int(numbers[7:]), 10_000)
    longitude = _angle(degrees, hundredths * 10, digits[15])
    notices.append(_QUALITIES[quality >> 4])
    if latitude or longitude:
        readings.append(position("", Position(latitude, longitude, satellites=quality & 0x0F)))
    else:
        notices.append(Notice("position_missing"))


def _angle(degrees: int, thousandths: int, flags: str) -> int:
    """Return an angle in 10^-7 deg from whole degrees and thousandths of a minute, rounded once."""
    if thousandths >= _MINUTES * 1_000:
        raise malformed("a place has no 60 minutes")
    rounded = ((degrees * _MINUTES * 1_000 + thousandths) * 500 + 1) // 3  # 10^7 / 60 000 = 500 / 3
    return -rounded if int(flags, 16) & _HEMISPHERE else rounded


def _add_link(status: int, reader: ByteReader, readings: list[Reading]) -> None:
    """Add the device's own counters, its battery, and how it heard the last downlink."""
    if status & _UPLINKS:
        readings.append(register("device.message_count", "up", reader.u8()))
    if status & _DOWNLINKS:
        readings.append(register("device.message_count", "down", reader.u8()))
    if status & _BATTERY:
        readings.append(gauge("device.battery.voltage", "", reader.integers(_MILLIVOLTS)[0] / 1_000))
    if status & _RADIO:
        readings.append(gauge("radio.downlink.rssi", "", -reader.u8()))
        readings.append(gauge("radio.downlink.snr", "", reader.i8()))
