"""The sensor interface (SSI): pressure and temperature, instantaneous or averaged."""

from math import isfinite

from domain.decoding.byte_reader import ByteReader
from domain.decoding.codec import Notice
from domain.observation import Reading, gauge

_SENSOR_MASK = 0x3F
_DISCONNECTED, _PRESSURE_AND_TEMPERATURE = 0, 1
_VALUES = (
    ("water.pressure", ""),
    ("water.pressure", "avg"),
    ("water.temperature", ""),
    ("water.temperature", "avg"),
)
"""Of the sensor "pressure 30 bar and temperature", by bit: channel 1 in bar, channel 2 in degrees Celsius."""


def read_sensors(reader: ByteReader, readings: list[Reading]) -> list[Notice]:
    """Add the values of a known sensor; return what cannot be one."""
    sensor, sent = reader.u8() & _SENSOR_MASK, reader.u8()
    values = [(bit, reader.f32()) for bit in range(8) if sent >> bit & 1]
    notices = [Notice("sensor_disconnected")] if sensor == _DISCONNECTED else []
    for bit, value in values:
        if sensor == _PRESSURE_AND_TEMPERATURE and bit < len(_VALUES) and isfinite(value):
            readings.append(gauge(*_VALUES[bit], value))
        else:
            notices.append(Notice("sensor_value_unknown", f"sensor {sensor}, value {bit}: {value}"))
    return notices
