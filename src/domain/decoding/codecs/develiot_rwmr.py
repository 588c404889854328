"""Develiot Remote Water Meter Reader: two pulse inputs, hardware 8.

Source: the device repository of The Things Network (vendor/develiot/rwmr.js). Numbers are little-endian. What a pulse
is worth, the meter at the input decides: the counts stay counts.
"""

from struct import Struct

from domain.decoding.codec import Context, Decoded, Payload, Snapshot
from domain.decoding.refusals import too_long, too_short, unknown_f_port
from domain.observation import gauge, register

_PORT = 12
_FORM = Struct("<BIIBB")
"""Firmware and services, both counts, battery, temperature."""
_STEPS = 255
_FULL_V = 3.3
_COLDEST, _TEMPERATURE_SPAN = -30, 90
_SERVICES = ("pulse1", "pulse2", "temperature")
"""Which values make the device report, by bit."""


def _attributes(head: int) -> dict[str, str]:
    services = ",".join(name for bit, name in enumerate(_SERVICES) if head >> bit & 1)
    return {"firmware": str(head >> 4), "hardware": "8", "config.services": services}


_ATTRIBUTES = tuple(_attributes(head) for head in range(256))


def decode(payload: Payload, context: Context) -> Decoded:
    """Return what ``payload`` means; the device sends nothing in pieces, so that ``context`` stays empty.

    Raises:
        Undecodable: the port or the length is not the device's.
    """
    del context
    if payload.f_port != _PORT:
        raise unknown_f_port(payload.f_port)
    length = len(payload.data)
    if length != _FORM.size:
        raise too_short(length, _FORM.size) if length < _FORM.size else too_long(length, _FORM.size)
    head, first, second, battery, temperature = _FORM.unpack(payload.data)
    readings = (
        register("meter.pulse_count", "pulse1", first),
        register("meter.pulse_count", "pulse2", second),
        gauge("device.battery.voltage", "", battery * _FULL_V / _STEPS),
        gauge("device.temperature", "", _COLDEST + temperature * _TEMPERATURE_SPAN / _STEPS),
    )
    return Decoded((Snapshot(readings),), dict(_ATTRIBUTES[head]))
