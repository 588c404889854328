"""What the meter measures, by type of field.

Source: as the package. Energies come as 32 bits of Wh, 32 bits of kWh or 64 bits of Wh.
"""

from collections.abc import Callable
from struct import Struct

_U32, _I32, _U64, _I16, _I8 = ((Struct(form).unpack_from, Struct(form).size) for form in ("<I", "<i", "<Q", "<h", "<b"))
_WH, _KWH = 10**4, 10**7
"""Steps of the register, 10^-4 W.h, in a count."""
_FIRST_KWH, _FIRST_WH, _FIRST_WIDE_WH = 0x1C, 0x03, 0x24

Value = tuple[Callable[[bytes, int], tuple[int, ...]], int, tuple[str, str], int, int | None]
"""How it is read, its length, measurand with channel; then steps in a count and rank among the registers for the same
thing, or for a gauge the counts in a unit and no rank."""

_ENERGIES = tuple(
    (f"electricity.energy.{kind}.{way}", tariff)
    for kind in ("active", "reactive")
    for way in ("import", "export")
    for tariff in ("t1", "t2")
)
_POWER, _CURRENT = "electricity.power.active", "electricity.current"
_VOLTAGE, _FACTOR = "electricity.voltage", "electricity.power_factor"

VALUES: dict[int, Value] = {
    **{_FIRST_KWH + at: (*_U32, energy, _KWH, 0) for at, energy in enumerate(_ENERGIES)},
    **{_FIRST_WH + at: (*_U32, energy, _WH, 1) for at, energy in enumerate(_ENERGIES)},
    **{_FIRST_WIDE_WH + at: (*_U64, energy, _WH, 2) for at, energy in enumerate(_ENERGIES)},
    0x0B: (*_I32, (_POWER, "sum"), 1, None),
    0x0C: (*_I32, (_POWER, "l1"), 1, None),
    0x0D: (*_I32, (_POWER, "l2"), 1, None),
    0x0E: (*_I32, (_POWER, "l3"), 1, None),
    # mA
    0x0F: (*_I32, (_CURRENT, "sum"), 1000, None),
    0x10: (*_I32, (_CURRENT, "l1"), 1000, None),
    0x11: (*_I32, (_CURRENT, "l2"), 1000, None),
    0x12: (*_I32, (_CURRENT, "l3"), 1000, None),
    0x13: (*_I32, (_CURRENT, "n"), 1000, None),
    # 0.1 V
    0x14: (*_I32, (_VOLTAGE, "l1"), 10, None),
    0x15: (*_I32, (_VOLTAGE, "l2"), 10, None),
    0x16: (*_I32, (_VOLTAGE, "l3"), 10, None),
    0x17: (*_I8, (_FACTOR, "l1"), 100, None),
    0x18: (*_I8, (_FACTOR, "l2"), 100, None),
    0x19: (*_I8, (_FACTOR, "l3"), 100, None),
    # 0.1 Hz
    0x1A: (*_I16, ("electricity.frequency", ""), 10, None),
    0x1B: (*_I32, (_POWER, "avg"), 1, None),
}
