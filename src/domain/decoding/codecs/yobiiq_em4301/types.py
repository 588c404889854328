"""What the types of measurement mean.

Source: as the package. Registers count Wh or varh.
"""

from collections.abc import Callable
from struct import Struct

TIME, LOGGED_TIME = 0x01, 0x03
INDEX = 0x00
TOTAL_POWER = 0x24

_Unpack = Callable[[bytes, int], tuple[int, ...]]

_U32, _I32, _I16, _I8 = ((Struct(form).unpack_from, Struct(form).size) for form in (">I", ">i", ">h", ">b"))
_WH = 10**4
"""Steps of the register, 10^-4 W.h, in a count."""
_THOUSANDTHS, _HUNDREDTHS, _TENTHS = 1000, 100, 10
_POWER, _CURRENT = "electricity.power.active", "electricity.current"
_REACTIVE, _APPARENT = "electricity.power.reactive", "electricity.power.apparent"

REGISTERS: dict[int, tuple[_Unpack, int, str, str, int]] = {
    0x04 + at: (*_U32, f"electricity.energy.{energy}", f"t{tariff}", _WH)
    for at, (energy, tariff) in enumerate(
        (f"{kind}.{way}", tariff)
        for kind in ("active", "reactive")
        for way in ("import", "export")
        for tariff in (1, 2)
    )
}
"""How it is read, its length, measurand, channel, and steps in a count."""

GAUGES: dict[int, tuple[_Unpack, int, str, str, int]] = {
    **{0x0C + at: (*_I32, "electricity.voltage", f"l{at + 1}", _TENTHS) for at in range(3)},
    0x0F: (*_I32, _CURRENT, "sum", _THOUSANDTHS),
    **{0x10 + at: (*_I32, _CURRENT, f"l{at + 1}", _THOUSANDTHS) for at in range(3)},
    # of L1 to L3, beside the total of the system, which has channel sum
    0x13: (*_I32, _POWER, "", 1),
    **{0x14 + at: (*_I32, _POWER, f"l{at + 1}", 1) for at in range(3)},
    # 10^-3 kvar and kVA
    **{0x17 + at: (*_I32, _REACTIVE, f"l{at + 1}", 1) for at in range(3)},
    **{0x1A + at: (*_I32, _APPARENT, f"l{at + 1}", 1) for at in range(3)},
    **{0x1D + at: (*_I8, "electricity.power_factor", f"l{at + 1}", _HUNDREDTHS) for at in range(3)},
    0x23: (*_I16, "electricity.frequency", "", _HUNDREDTHS),
    0x25: (*_U32, _REACTIVE, "sum", 1),
    0x26: (*_U32, _APPARENT, "sum", 1),
    **{0x27 + at: (*_I32, _CURRENT, f"l{at + 1}.max", _THOUSANDTHS) for at in range(3)},
    0x2A: (*_I32, _POWER, "avg", 1),
}
"""How it is read, its length, measurand, channel, and counts in a unit."""

ANGLES = {0x20: "l1", 0x21: "l2", 0x22: "l3"}
"""Phase angles, 0.01 degrees in two bytes: no measurand is made for them."""


def version(body: bytes) -> str:
    """Return a version, which the meter writes in hexadecimal digits without leading zeros: 1.29 is 01 29."""
    return ".".join(f"{byte:x}" for byte in body)


ATTRIBUTES: dict[int, tuple[str, int, Callable[[bytes], str]]] = {
    0x2B: ("meter.mid_year", 4, lambda body: str(int.from_bytes(body))),
    0xF0: ("meter.manufactured", 2, bytes.hex),
    0xF1: ("firmware", 2, version),
    0xF2: ("hardware", 2, version),
}
"""Name, length and text."""
