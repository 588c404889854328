"""Status packets of firmware 1.0 (port 24): clock, inputs and outputs, radio, alerts of the day, and dimming profiles.

The legacy form of the packet, which the vendor's decoder does not read either, is not told apart from it.
"""

from struct import Struct

from domain.decoding.byte_reader import ByteReader
from domain.decoding.codec import Decoded, Notice, Snapshot
from domain.decoding.codecs.nas_ul20xx.addresses import COMMANDED, invalid_address, repeated_address
from domain.decoding.codecs.nas_ul20xx.clock import clock_ns
from domain.decoding.codecs.nas_ul20xx.latched_alerts import LATCHED_ALERTS
from domain.decoding.codecs.nas_ul20xx.reasons import override_1_0
from domain.decoding.codecs.nas_ul20xx.states import BUS_FAULT, CLOCK, CONTROLLER_FAULT, DIG, LDR, OPEN_DRAIN, RELAY
from domain.observation import Reading, gauge

_HEAD = Struct("<IBBbbB")
"""Clock (s), state bits, RSSI (negated) and SNR of the last downlink, temperature, interface bits."""
_DALI_EXTERNAL, _DALI_CONNECTION, _LDR_ON, _DIG_ON, _HARDWARE, _RELAY_CLOSED = 0x01, 0x02, 0x04, 0x10, 0x20, 0x80
_LDR_SENT, _OPEN_DRAIN_ON = 0x02, 0x04
_PROFILE = Struct("<BBBBB")
"""Number and version of the profile, address, weekdays, level (%)."""
_NO_LEVEL = 0xFF

_FAULTS = (
    (_DALI_EXTERNAL, Notice("dali_error_external")),
    (_DALI_CONNECTION, Notice("dali_connection_error")),
    (_HARDWARE, Notice("hardware_error")),
)
"""What the readings of faults do not tell apart."""


def status(reader: ByteReader) -> Decoded:
    """Return what a status packet says; ``reader`` stands at its beginning."""
    seconds, bits, rssi, snr, temperature, interfaces = reader.integers(_HEAD)
    instant = clock_ns(seconds)
    readings = [
        CLOCK[instant is not None],
        BUS_FAULT[bool(bits & (_DALI_EXTERNAL | _DALI_CONNECTION))],
        CONTROLLER_FAULT[bool(bits & _HARDWARE)],
        LDR[bool(bits & _LDR_ON)],
        DIG[bool(bits & _DIG_ON)],
        RELAY[bool(bits & _RELAY_CLOSED)],
        OPEN_DRAIN[bool(interfaces & _OPEN_DRAIN_ON)],
        gauge("radio.downlink.rssi", "", -rssi),
        gauge("radio.downlink.snr", "", snr),
        gauge("device.temperature", "", temperature),
        *LATCHED_ALERTS[interfaces],
    ]
    notices = [notice for bit, notice in _FAULTS if bits & bit]
    if interfaces & _LDR_SENT:
        readings.append(gauge("lamp.ambient_light.raw", "", reader.u8()))
    _read_profiles(reader, readings, notices)
    return Decoded((Snapshot(tuple(readings), instant),), {}, tuple(notices))


def _read_profiles(reader: ByteReader, readings: list[Reading], notices: list[Notice]) -> None:
    """Read the level in force at each address, and what overrides its profile."""
    seen: set[str] = set()
    for number, version, address, _, level in reader.each(_PROFILE):
        channel = COMMANDED[address]
        if channel is None:
            notices.append(invalid_address(address, f"profile {number}, level {level} %"))
            continue
        if channel in seen:
            notices.append(repeated_address(channel, f"profile {number}, level {level} %"))
            continue
        seen.add(channel)
        if level != _NO_LEVEL:
            readings.append(gauge("lamp.dim_level", channel, level))
        override = override_1_0(version)
        if override:
            notices.append(Notice("profile_overridden", f"{channel or 'all_devices'}: {override}"))
