"""The meter's status byte.

Source: as the package; section 3 "Device alarms". Bits 2 to 4 are flags; with bit 4, temporary error, bits 5 to 7 say
which one. The code 110 (manipulation) is from later versions of that document, as aws-samples cite it.
"""

from functools import cache

from domain.observation import Reading, state

_LOW_BATTERY, _PERMANENT_ERROR, _TEMPORARY_ERROR = 0x04, 0x08, 0x10
_KINDS: dict[int, tuple[str, ...]] = {
    0b001: ("leak",),
    0b011: ("reverse_flow",),
    0b100: ("frost",),
    0b101: ("burst",),
    0b110: ("tamper",),
    # no code of the document; the published decoder of the enhanced frame reads it as both
    0b111: ("reverse_flow", "burst"),
}
_ALARMS = ("dry", "reverse_flow", "burst", "leak", "frost", "tamper")


@cache
def status_readings(status: int) -> tuple[Reading, ...]:
    """Return what the byte ``status`` says; there are 256 of them."""
    raised = _KINDS.get(status >> 5, ())
    if status & _TEMPORARY_ERROR and not status >> 5:
        raised = ("dry",)
    return (
        state("device.status_word", "", status),
        state("device.battery.low", "", bool(status & _LOW_BATTERY)),
        state("meter.fault", "", _fault(status)),
        *(state("water.alarm", alarm, alarm in raised) for alarm in _ALARMS),
    )


def _fault(status: int) -> str:
    if status & _PERMANENT_ERROR:
        return "permanent"
    return "temporary" if status & _TEMPORARY_ERROR else "none"
