"""Status packets of firmware 1.1 (port 23): as of firmware 1.0, with sensors, and drivers in the place of profiles.

Kind 0 is sent before firmware 1.1.4, kind 1 since then.
"""

from functools import lru_cache
from struct import Struct

from domain.decoding.byte_reader import ByteReader
from domain.decoding.codec import Decoded, Notice, Snapshot
from domain.decoding.codecs.nas_ul20xx.addresses import CHANNELS, invalid_address, repeated_address
from domain.decoding.codecs.nas_ul20xx.clock import clock_ns
from domain.decoding.codecs.nas_ul20xx.driver_status import driver_status
from domain.decoding.codecs.nas_ul20xx.latched_alerts import LATCHED_ALERTS
from domain.decoding.codecs.nas_ul20xx.reasons import reason_1_1
from domain.decoding.codecs.nas_ul20xx.sensors import read_sensors
from domain.decoding.codecs.nas_ul20xx.states import BUS_FAULT, CLOCK, CONTROLLER_FAULT, DIG, LDR, OPEN_DRAIN, RELAY
from domain.decoding.refusals import malformed
from domain.observation import Reading, gauge

_BEFORE_1_1_4, _SINCE_1_1_4 = 0x00, 0x01
_HEAD = Struct("<IB")
"""Clock (s), state bits."""
_DALI_CONNECTION, _LDR_ON, _DIG_ON, _METERING, _CLOCK_WARNING, _RELAY_CLOSED = 0x02, 0x04, 0x10, 0x20, 0x40, 0x80
_RADIO = Struct("<Bbb")
"""RSSI (negated) and SNR of the last downlink, temperature."""
_LDR_SENT, _OPEN_DRAIN_ON, _ALERTS_SENT = 0x02, 0x04, 0x10
_LUMALINK = tuple(
    {"lumalink.connected": now, "lumalink.connected_after_boot": then}
    for then in ("false", "true")
    for now in ("false", "true")
)
"""By the upper two bits: whether somebody is connected by Bluetooth, and was since the start."""
_SOURCE = Struct("<BBBB")
"""Address, reason of its level, level (%), status of the driver."""
_NO_LEVEL = 0xFF
_FAULTS = (
    (_DALI_CONNECTION, Notice("dali_connection_error")),
    (_METERING, Notice("metering_com_error")),
    (_CLOCK_WARNING, Notice("ext_rtc_warning")),
)


def status_1_1(reader: ByteReader) -> Decoded:
    """Return what a status packet says; ``reader`` stands at its beginning.

    Raises:
        Undecodable: it is of another kind, or ends too early.
    """
    kind = reader.u8()
    if kind not in {_BEFORE_1_1_4, _SINCE_1_1_4}:
        raise malformed(f"status packets of kind {kind} are unknown")
    seconds, bits = reader.integers(_HEAD)
    instant = clock_ns(seconds)
    readings = [
        CLOCK[instant is not None],
        BUS_FAULT[bool(bits & _DALI_CONNECTION)],
        CONTROLLER_FAULT[bool(bits & _METERING)],
        RELAY[bool(bits & _RELAY_CLOSED)],
    ]
    notices = [notice for bit, notice in _FAULTS if bits & bit]
    attributes: dict[str, str] = {}
    if kind == _BEFORE_1_1_4:
        _read_interfaces(reader, bits, readings)
    else:
        _read_extension(reader, readings, attributes, notices)
    _read_sources(reader, readings, notices)
    return Decoded((Snapshot(tuple(readings), instant),), attributes, tuple(notices))


def _read_interfaces(reader: ByteReader, bits: int, readings: list[Reading]) -> None:
    """Read what stands before the drivers up to firmware 1.1.3."""
    readings += (LDR[bool(bits & _LDR_ON)], DIG[bool(bits & _DIG_ON)])
    _read_radio(reader, readings)
    interfaces = reader.u8()
    readings.append(OPEN_DRAIN[bool(interfaces & _OPEN_DRAIN_ON)])
    if interfaces & _LDR_SENT:
        readings.append(gauge("lamp.ambient_light.raw", "", reader.u8()))
    if interfaces & _ALERTS_SENT:
        readings += LATCHED_ALERTS[reader.u8()]


def _read_extension(
    reader: ByteReader, readings: list[Reading], attributes: dict[str, str], notices: list[Notice]
) -> None:
    """Read what stands before the drivers since firmware 1.1.4."""
    more = reader.u8()
    readings.append(OPEN_DRAIN[bool(more & _OPEN_DRAIN_ON)])
    attributes |= _LUMALINK[more >> 6]
    _read_radio(reader, readings)
    readings += LATCHED_ALERTS[reader.u8()]
    read_sensors(ByteReader(reader.take(reader.u8())), readings, notices)


def _read_radio(reader: ByteReader, readings: list[Reading]) -> None:
    rssi, snr, temperature = reader.integers(_RADIO)
    readings += (
        gauge("radio.downlink.rssi", "", -rssi),
        gauge("radio.downlink.snr", "", snr),
        gauge("device.temperature", "", temperature),
    )


def _read_sources(reader: ByteReader, readings: list[Reading], notices: list[Notice]) -> None:
    """Read each driver: its level, why it is at it, and how it is."""
    seen: set[str] = set()
    for address, reason, level, word in reader.each(_SOURCE):
        channel = CHANNELS[address]
        if channel is None:
            notices.append(invalid_address(address, f"level {level} %, status 0x{word:02x}"))
            continue
        if channel in seen:
            notices.append(repeated_address(channel, f"level {level} %, status 0x{word:02x}"))
            continue
        seen.add(channel)
        if level != _NO_LEVEL:
            readings.append(gauge("lamp.dim_level", channel, level))
        readings += driver_status(channel, word)
        notices.append(_dimming_reason(channel, reason))


@lru_cache(maxsize=4_096)
def _dimming_reason(channel: str, code: int) -> Notice:
    """Return why the lamp at ``channel`` is at its level; all lamps of a city share some hundred."""
    return Notice("dimming_reason", f"{channel}: {reason_1_1(code)}")
