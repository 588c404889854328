"""The two bytes that every packet begins with: kind of reader, its battery, how it reads the meter.

Source: as the package.
"""

from msgspec import Struct

from domain.decoding.codec import Notice
from domain.decoding.refusals import malformed, too_short
from domain.observation import Reading, gauge

HEADER = 2
_SML, _MODBUS = 0, 1
_SML_PROTOCOLS = ("SML", "IEC 62056-21 mode B", "IEC 62056-21 mode C", "Logarex", "eBZ", "Tritschler VC3")
_MODBUS_PROTOCOLS = ("Modbus RTU", "Modbus ASCII", "Modbus RTU interdelay")
_PROTOCOLS = {_SML: _SML_PROTOCOLS, _MODBUS: _MODBUS_PROTOCOLS}
_CONFIGURED, _CONNECTION_TEST = 0x40, 0x80
_CONNECTION_TESTED = Notice("connection_test")
_WITHOUT_REGISTERS = Notice("registers_not_configured")


class Header(Struct, frozen=True, gc=False):
    """What a packet says before its contents."""

    version: int
    """Of the format; 0 is that of firmware up to 0.4."""
    is_modbus: bool
    battery: Reading
    attributes: dict[str, str]
    notices: tuple[Notice, ...]


def header(data: bytes, needed: int) -> Header:
    """Return the header of ``data``.

    Raises:
        Undecodable: there are fewer than ``needed`` bytes, or the kind of reader is unknown.
    """
    if len(data) < needed:
        raise too_short(len(data), needed)
    found = _KNOWN.get(data[:HEADER])
    if found is None:
        found = _KNOWN[data[:HEADER]] = _read(data[0], data[1])
    return found


_KNOWN: dict[bytes, Header] = {}
"""Headers read before: a fleet has a few dozen of the 65 536 there can be."""


def _read(kind: int, status: int) -> Header:
    version, protocols = kind >> 2, _PROTOCOLS.get(kind & 3)
    if protocols is None:
        raise malformed(f"reader of unknown kind {kind & 3}")
    if version:
        percent, mode = (status & 7) * 20, status >> 3 & 7
    else:
        percent, mode = (status & 15) * 10, status >> 4 & 3
    protocol = protocols[mode] if mode < len(protocols) else f"0x{mode:x}"
    notices: tuple[Notice, ...] = ()
    if status & _CONNECTION_TEST:
        notices += (_CONNECTION_TESTED,)
    if not status & _CONFIGURED:
        notices += (_WITHOUT_REGISTERS,)
    battery = gauge("device.battery.level", "", percent)
    return Header(version, kind & 3 == _MODBUS, battery, {"meter.interface": protocol}, notices)
