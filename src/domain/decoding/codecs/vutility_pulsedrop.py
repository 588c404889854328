"""Vutility PulseDrop: pulse counter for water, gas and electricity meters.

Source: the vendor's published codec (the-real-vutility/payload-codecs, pulsedrop_direct; also in the device profiles of
ChirpStack). Numbers are big-endian. A variant reads the meter digitally and says when it did not answer.
"""

from struct import Struct

from domain.decoding.codec import Context, Decoded, Notice, Payload, Snapshot
from domain.decoding.refusals import too_long, too_short, unknown_f_port, unknown_packet
from domain.observation import gauge, register, state

_PORT = 3
_PACKET = 28
_FORM = Struct(">BBBI3xB")
"""Packet, capacitor, temperature, count, flags."""
_STEPS = 255
_FULL_V = 5
_COLDEST, _TEMPERATURE_SPAN = -40, 120
_LOW_V = 2.5
"""Below it the vendor warns that the battery is empty and the device may soon stop."""
_NO_ANSWER, _BAD_ANSWER = 0x01, 0x02
_QUALITY = ("measured", "device_flagged")
_DISCONNECTED = (state("meter.connected", "", value=False),)


def decode(payload: Payload, context: Context) -> Decoded:
    """Return what ``payload`` means; the device sends nothing in pieces, so that ``context`` stays empty.

    Raises:
        Undecodable: the port, the length or the packet is not the device's.
    """
    del context
    if payload.f_port != _PORT:
        raise unknown_f_port(payload.f_port)
    length = len(payload.data)
    if length != _FORM.size:
        raise too_short(length, _FORM.size) if length < _FORM.size else too_long(length, _FORM.size)
    packet, capacitor, temperature, count, flags = _FORM.unpack(payload.data)
    if packet != _PACKET:
        raise unknown_packet(packet, _PORT)
    volts = capacitor * _FULL_V / _STEPS
    readings = (
        register("meter.pulse_count", "", count, 0, _QUALITY[bool(flags & (_NO_ANSWER | _BAD_ANSWER))]),
        gauge("device.battery.voltage", "", volts),
        gauge("device.temperature", "", _COLDEST + temperature * _TEMPERATURE_SPAN / _STEPS),
        *(_DISCONNECTED if flags & _NO_ANSWER else ()),
    )
    return Decoded((Snapshot(readings),), {}, _notices(volts, flags) if flags or volts < _LOW_V else ())


def _notices(volts: float, flags: int) -> tuple[Notice, ...]:
    said = (
        (volts < _LOW_V, "battery_low"),
        (flags & _NO_ANSWER, "meter_silent"),
        (flags & _BAD_ANSWER, "meter_answer_invalid"),
    )
    return tuple(Notice(code) for is_so, code in said if is_so)
