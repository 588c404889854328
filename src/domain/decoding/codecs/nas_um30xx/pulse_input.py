"""A pulse input: what it counted, in the unit it was set up for."""

from struct import Struct

from domain.decoding.byte_reader import ByteReader
from domain.decoding.codecs.nas_um30xx.serial import serial_text
from domain.decoding.refusals import malformed
from domain.observation import Reading, register, state

_FORM = Struct("<BI")
"""What follows and how it counts; the count."""
_CLOSED, _SERIAL = 0x01, 0x02
_PULSE_MEDIA = frozenset((0, 1))
"""Triggers and bare pulses: numbers without a unit."""
_MEASURANDS = {2: "water.volume", 3: "electricity.energy.active.import", 4: "gas.volume"}
"""By medium: litres of water, watt-hours, litres of gas."""
_SWITCHES = {
    channel: tuple(state("device.switch", channel, on) for on in (False, True)) for channel in ("pulse1", "pulse2")
}


def read_pulse_input(reader: ByteReader, channel: str, readings: list[Reading]) -> None:
    """Add what the input ``channel`` says.

    The register is exact: the number sent times the power of ten sent with it. The number sent is kept beside it,
    so that another meaning can be given to it later.

    Raises:
        Undecodable: the medium is unknown, or the packet ends.
    """
    head, counted = reader.integers(_FORM)
    multiplier, medium = head >> 2 & 3, head >> 4
    name = _MEASURANDS.get(medium)
    if name is not None:
        readings.append(register(name, channel, counted, multiplier))
        readings.append(register("meter.pulse_count", channel, counted))
    elif medium in _PULSE_MEDIA:
        readings.append(register("meter.pulse_count", channel, counted, multiplier))
    else:
        raise malformed(f"medium {medium} of {channel} is unknown")
    readings.append(_SWITCHES[channel][head & _CLOSED])
    if head & _SERIAL:
        serial = serial_text(reader.u32())
        if serial:
            readings.append(state("meter.identity", channel, serial))
