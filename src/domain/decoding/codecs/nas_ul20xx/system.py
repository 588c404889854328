"""System packets (port 99): start, and downlinks that the controller could not take."""

from domain.decoding.byte_reader import ByteReader
from domain.decoding.codec import Decoded, Notice, Snapshot
from domain.decoding.codecs.nas_ul20xx.clock import clock_ns
from domain.decoding.nas_downlinks import DOWNLINK_FAULTS
from domain.observation import state

_CONTROLS = (
    *("dali", "dali_nc", "dali_no", "analog_nc", "analog_no"),
    *("dali_analog_nc", "dali_analog_no", "dali_analog_nc_no"),
)
"""What the controller drives, and how its relay rests."""
_FEATURES = (("dig_input", 0x04), ("ldr_input", 0x08), ("open_drain_output", 0x10), ("metering", 0x20))
_EXTERNAL, _SUPPLY_MASK = 0x80, 0x7F
_HIGHEST_VOLTAGE, _BUS_HIGH, _BUS_ERROR = 0x6F, 0x7E, 0x7F
_UNADDRESSED, _COUNT_MASK = 0x80, 0x7F
_RESET_REASONS = (
    *("reset_0", "watchdog_reset", "soft_reset", "reset_3"),
    *("reset_4", "reset_5", "reset_6", "reset_7"),
)
_DOWNLINK_FAULTS = {
    **DOWNLINK_FAULTS,
    0x0E: "packet_size_error",
    0x81: "profile_id_seq_error",
    0x82: "profile_destination_error",
    0x83: "profile_days_error",
    0x84: "profile_step_count_error",
    0x85: "profile_step_value_error",
    0x86: "profile_step_unsorted_error",
}


def boot(reader: ByteReader) -> Decoded:
    """Return what is sent after every start: who the controller is, what it has found, why it started.

    Early firmware does not say why. A packet cut short would look the same, so that its start is noted and no reading.
    """
    serial = f"{reader.u32():08X}"
    firmware = f"{reader.u8()}.{reader.u8()}.{reader.u8()}"
    instant = clock_ns(reader.u32())
    control, features, supply, drivers = reader.u8(), reader.u8(), reader.u8(), reader.u8()
    causes = _causes(reader.u8()) if reader.left else None
    attributes = {
        "serial": serial,
        "firmware": firmware,
        "hardware": _CONTROLS[control] if control < len(_CONTROLS) else f"0x{control:02x}",
        **{f"config.feature.{name}": "true" if features & bit else "false" for name, bit in _FEATURES},
        "dali.supply": _supply_text(supply & _SUPPLY_MASK),
        "dali.power_source": "external" if supply & _EXTERNAL else "internal",
        "dali.addressed_drivers": str(drivers & _COUNT_MASK),
        "dali.unaddressed_driver": "true" if drivers & _UNADDRESSED else "false",
    }
    readings = [state("device.clock_synchronized", "", instant is not None)]
    if causes is not None:
        readings.append(state("device.lifecycle", "", f"startup:{causes}" if causes else "startup"))
    if supply & _SUPPLY_MASK == _BUS_ERROR:
        readings.append(state("lamp.fault", "bus", True))  # noqa: FBT003  a state's value, no switch
    notices = [Notice("unaddressed_driver_on_bus")] if drivers & _UNADDRESSED else []
    if causes is None:
        notices.append(Notice("startup"))
    return Decoded((Snapshot(tuple(readings), instant),), attributes, tuple(notices))


def downlink_refused(reader: ByteReader) -> Decoded:
    """Return why the controller could not take a downlink."""
    f_port, fault = reader.u8(), reader.u8()
    detail = f"port {f_port}: {_DOWNLINK_FAULTS.get(fault, f'0x{fault:02x}')}"
    return Decoded(notices=(Notice("downlink_refused", detail),))


def _causes(bits: int) -> str:
    return ",".join(name for bit, name in enumerate(_RESET_REASONS) if bits >> bit & 1)


def _supply_text(code: int) -> str:
    """Return the bus's voltage in volts, or its state in words."""
    if code <= _HIGHEST_VOLTAGE:
        return f"{code} V"
    return {_BUS_HIGH: "bus_high", _BUS_ERROR: "bus_error"}.get(code, f"0x{code:02x}")
