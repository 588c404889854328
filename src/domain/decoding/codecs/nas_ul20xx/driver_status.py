"""A driver's status byte, as DALI has it (IEC 62386-102, answer to QUERY STATUS).

Bit 0 the driver has failed, 1 its lamp has, 2 the lamp is on, 3 a level was out of its limits, 4 a fade is running,
5 reset state, 6 no short address, 7 it was without power and heard no command since. The last is how a lamp comes back
after its circuit was dark: no fault.
"""

from functools import lru_cache

from domain.decoding.byte_reader import ByteReader
from domain.decoding.codec import Notice
from domain.decoding.codecs.nas_ul20xx.addresses import CHANNELS, invalid_address, repeated_address
from domain.observation import Reading, state

_UNKNOWN = 0xFF
_DRIVER_ERROR, _LAMP_FAILURE, _LAMP_ON = 0x01, 0x02, 0x04


@lru_cache(maxsize=4_096)
def driver_status(channel: str, status: int) -> tuple[Reading, ...]:
    """Return what the ``status`` of the driver at ``channel`` says; 0xFF says nothing.

    Lamps share a few: some ten addresses and states.
    """
    if status == _UNKNOWN:
        return ()
    return (
        state("lamp.fault", f"driver.{channel}", bool(status & _DRIVER_ERROR)),
        state("lamp.fault", f"lamp.{channel}", bool(status & _LAMP_FAILURE)),
        state("lamp.on", channel, bool(status & _LAMP_ON)),
        state("device.status_word", channel, status),
    )


def driver_statuses(reader: ByteReader) -> tuple[list[Reading], list[Notice]]:
    """Return what a list of addresses and status bytes says, to the end of the packet."""
    readings: list[Reading] = []
    notices: list[Notice] = []
    seen: set[str] = set()
    while reader.left:
        address, status = reader.u8(), reader.u8()
        channel = CHANNELS[address]
        if channel is None:
            notices.append(invalid_address(address, f"status 0x{status:02x}"))
        elif channel in seen:
            notices.append(repeated_address(channel, f"status 0x{status:02x}"))
        else:
            seen.add(channel)
            readings += driver_status(channel, status)
    return readings, notices
