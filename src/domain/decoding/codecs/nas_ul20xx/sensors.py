"""Sensors in a status packet of firmware 1.1.4 and later: a list of kinds, each with its value.

The list has a length of its own, so that kinds to come can be passed over.
"""

from functools import lru_cache

from domain.decoding.byte_reader import ByteReader
from domain.decoding.codec import Notice
from domain.decoding.codecs.nas_ul20xx.states import DIG
from domain.observation import Reading, gauge

_LDR, _LIGHT, _D4I_LIGHT, _DIG, _TILT = 0x01, 0x02, 0x03, 0x04, 0x08
_NO_LIGHT, _LIGHT_MASK = 0xFFFF, 0x7FFF
_NO_TILT = 0xFF


def read_sensors(reader: ByteReader, readings: list[Reading], notices: list[Notice]) -> None:
    """Add what the sensors say; ``reader`` holds their list and nothing else."""
    seen: set[int] = set()
    while reader.left:
        kind = reader.u8()
        if kind in seen or not _read_sensor(kind, reader, readings, notices):
            notices.append(Notice("sensor_unknown", f"0x{kind:02x} {reader.rest().hex()}".rstrip()))
        seen.add(kind)


def _read_sensor(kind: int, reader: ByteReader, readings: list[Reading], notices: list[Notice]) -> bool:
    """Add what the sensor of ``kind`` says; return False if there is none such."""
    if kind == _LDR:
        readings.append(gauge("lamp.ambient_light.raw", "", reader.u8()))
    elif kind in {_LIGHT, _D4I_LIGHT}:
        notices.append(_light(kind, reader.u16()))
    elif kind == _DIG:
        readings.append(DIG[reader.u8() & 1])
    elif kind == _TILT:
        degrees = reader.u8()
        if degrees != _NO_TILT:
            readings.append(gauge("motion.tilt", "", degrees))
    else:
        return False
    return True


@lru_cache(maxsize=4_096)
def _light(kind: int, raw: int) -> Notice:
    """Return the illuminance in four digits: the sensor counts 4000 steps a decade, from a millilux up."""
    lux = 10 ** ((raw & _LIGHT_MASK) / 4_000) / 1_000
    text = "unavailable" if raw == _NO_LIGHT else f"{lux:.4g} lx"
    return Notice("light_level" if kind == _LIGHT else "d4i_light_level", text)
