"""MCCI Model 4811: power meter on a WattNode, read over Modbus.

Source: the device repository of The Things Network (vendor/mcci/codec-model4811.js, firmware 1.4.0). Port 1, format
0x19: a byte of flags says which fields follow; numbers are big-endian, energies count 100 Wh.
"""

from math import isfinite
from struct import Struct

from domain.decoding.codec import Context, Decoded, Notice, Payload, Snapshot
from domain.decoding.refusals import malformed, too_long, too_short, unknown_f_port, unknown_packet
from domain.observation import Reading, gauge, register, state

_PORT, _FORMAT = 1, 0x19
_HEADER = 2
_BATTERY, _BOOT, _MODBUS_ERROR, _ENERGY, _DEMAND, _BRANCH_ENERGY, _BRANCH_DEMAND, _UNKNOWN = (
    1 << bit for bit in range(8)
)
_WIDTHS = {_BATTERY: 2, _BOOT: 1, _MODBUS_ERROR: 2, _ENERGY: 8, _DEMAND: 4, _BRANCH_ENERGY: 4, _BRANCH_DEMAND: 4}
_LENGTHS = tuple(_HEADER + sum(width for flag, width in _WIDTHS.items() if flags & flag) for flags in range(_UNKNOWN))
"""Bytes of a payload by its flags."""

_I16, _I32, _F32 = Struct(">h"), Struct(">i"), Struct(">f")
_BOTH_ENERGIES = Struct(">ii")
_BATTERY_STEPS = 4096
_HUNDRED_WH = 10**6
"""In steps of the register, 10^-4 W.h."""
_CONNECTED = tuple(state("meter.connected", "", on) for on in (False, True))
_BRANCH = "ch1"
"""The circuit behind the meter that is measured apart."""
_IMPORT, _EXPORT, _POWER = (
    "electricity.energy.active.import",
    "electricity.energy.active.export",
    "electricity.power.active",
)


def decode(payload: Payload, context: Context) -> Decoded:
    """Return what ``payload`` means; the meter sends nothing in pieces, so that ``context`` stays empty.

    Raises:
        Undecodable: port, format or length are not the meter's.
    """
    del context
    data = payload.data
    if payload.f_port != _PORT:
        raise unknown_f_port(payload.f_port)
    flags = _flags(data)
    readings: list[Reading] = []
    notices: list[Notice] = []
    position = _HEADER
    if flags & _BATTERY:
        readings.append(gauge("device.battery.voltage", "", _I16.unpack_from(data, position)[0] / _BATTERY_STEPS))
        position += 2
    if flags & _BOOT:
        readings.append(register("device.restart_count", "", data[position]))
        position += 1
    if flags & _MODBUS_ERROR:
        error = _I16.unpack_from(data, position)[0]
        notices.append(Notice("modbus_error", str(error)))
        position += 2
        readings.append(_CONNECTED[error == 0])
    else:
        readings.append(_CONNECTED[True])
    _read_meter(data, position, flags, readings, notices)
    return Decoded((Snapshot(tuple(readings)),), {}, tuple(notices))


def _flags(data: bytes) -> int:
    """Return which fields the payload has, if it is as long as they are."""
    if len(data) < _HEADER:
        raise too_short(len(data), _HEADER)
    if data[0] != _FORMAT:
        raise unknown_packet(data[0], _PORT)
    flags = data[1]
    if flags & _UNKNOWN:
        raise malformed(f"flags 0x{flags:02x} announce a field that is unknown")
    if len(data) < _LENGTHS[flags]:
        raise too_short(len(data), _LENGTHS[flags])
    if len(data) > _LENGTHS[flags]:
        raise too_long(len(data), _LENGTHS[flags])
    return flags


def _read_meter(data: bytes, position: int, flags: int, readings: list[Reading], notices: list[Notice]) -> None:
    """Add what the meter measures; the module leaves out a demand of zero, but not that of a meter that is silent."""
    if flags & _ENERGY:
        used, sourced = _BOTH_ENERGIES.unpack_from(data, position)
        readings.append(register(_IMPORT, "", used * _HUNDRED_WH, -4))
        readings.append(register(_EXPORT, "", sourced * _HUNDRED_WH, -4))
        position += 8
    if flags & _DEMAND:
        _add_power(data, position, "", readings, notices)
        position += 4
    elif not flags & _MODBUS_ERROR:
        readings.append(gauge(_POWER, "", 0.0))
    if flags & _BRANCH_ENERGY:
        readings.append(register(_IMPORT, _BRANCH, _I32.unpack_from(data, position)[0] * _HUNDRED_WH, -4))
        position += 4
    if flags & _BRANCH_DEMAND:
        _add_power(data, position, _BRANCH, readings, notices)
    elif flags & _BRANCH_ENERGY:
        readings.append(gauge(_POWER, _BRANCH, 0.0))


def _add_power(data: bytes, position: int, channel: str, readings: list[Reading], notices: list[Notice]) -> None:
    power = _F32.unpack_from(data, position)[0]
    if isfinite(power):
        readings.append(gauge(_POWER, channel, power))
    else:
        notices.append(Notice("value_unknown", f"{_POWER} {channel}: {power}"))
