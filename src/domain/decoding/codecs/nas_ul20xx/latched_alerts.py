"""Alerts of the controller's meter within the last 24 hours: latched flags, not the present state.

Their channels end in ``latched``. What is so at this moment, the metering alert says (port 61).
"""

from domain.observation import Reading, state

_BITS = (
    (0x10, tuple(state("electricity.alarm", "voltage.latched", word) for word in ("ok", "outside"))),
    (0x20, tuple(state("lamp.fault", "lamp.latched", on) for on in (False, True))),
    (0x40, tuple(state("electricity.alarm", "power.latched", word) for word in ("ok", "outside"))),
    (0x80, tuple(state("electricity.alarm", "power_factor.latched", word) for word in ("ok", "under"))),
)


def _alerts(high_bits: int) -> tuple[Reading, ...]:
    return tuple(either[bool(high_bits & bit)] for bit, either in _BITS)


LATCHED_ALERTS = tuple(_alerts(byte & 0xF0) for byte in range(256))
"""Readings by the byte whose upper four bits are the flags."""
