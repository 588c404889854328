"""System packets: start, shutdown, and downlinks that the module could not take."""

from domain.decoding.byte_reader import ByteReader
from domain.decoding.codec import Decoded, Notice, Snapshot
from domain.decoding.codecs.nas_um30xx.metering import STATUS, USAGE, metering
from domain.decoding.codecs.nas_um30xx.serial import serial_text
from domain.decoding.nas_downlinks import DOWNLINK_FAULTS
from domain.decoding.refusals import unknown_packet
from domain.observation import register, state

_PORT = 99
_BOOT, _SHUTDOWN, _FAULTY_DOWNLINK = 0x00, 0x01, 0x13
_SECONDS_OF_AN_HOUR = 3_600

_START_REASONS = {0: "unknown_reset", 1: "from_shutdown", 2: "from_dfu", 3: "forced_reset", 4: "lorawan_rejoin"}
_WAKE_UPS = (
    *("reason_0", "watchdog_reset", "soft_reset", "reason_3"),
    *("magnet_wakeup", "reason_5", "reason_6", "nfc_wakeup"),
)
_HARDWARE = {
    0x00: "pulse_only",
    0x01: "pulse_analog",
    0x02: "pulse_ssi",
    0x04: "pulse_mbus",
    0x06: "pulse_lbus",
    0x07: "pulse_izar",
}
_SHUTDOWN_REASONS = {0x32: "enter_dfu", 0x33: "app_shutdown", 0x34: "switch_to_wmbus"}


def system(data: bytes) -> Decoded:
    """Return what a system packet says."""
    reader = ByteReader(data)
    kind = reader.u8()
    if kind == _BOOT:
        return _boot(reader)
    if kind == _SHUTDOWN:
        return _shutdown(reader)
    if kind == _FAULTY_DOWNLINK:
        return _faulty_downlink(reader)
    raise unknown_packet(kind, _PORT)


def _boot(reader: ByteReader) -> Decoded:
    serial = serial_text(reader.u32())
    firmware = f"{reader.u8()}.{reader.u8()}.{reader.u8()}"
    wake_ups, reason, hardware, hours = reader.u8(), reader.u8(), reader.u8(), reader.u24()
    reader.end()
    causes = [_named(_START_REASONS, reason >> 4 & 7), *(_WAKE_UPS[bit] for bit in range(8) if wake_ups >> bit & 1)]
    attributes = {
        "firmware": firmware,
        "hardware": _named(_HARDWARE, hardware),
        "config.restored": "true" if reason >> 7 else "false",
    }
    if serial:
        attributes["serial"] = serial
    readings = (
        state("device.lifecycle", "", f"startup:{','.join(causes)}"),
        register("device.uptime", "", hours * _SECONDS_OF_AN_HOUR),
    )
    return Decoded((Snapshot(readings),), attributes)


def _shutdown(reader: ByteReader) -> Decoded:
    """Read why the module stops; a last usage or status packet follows."""
    lifecycle = state("device.lifecycle", "", f"shutdown:{_named(_SHUTDOWN_REASONS, reader.u8())}")
    kind = reader.u8()
    if kind not in {USAGE, STATUS}:
        raise unknown_packet(kind, _PORT)
    return metering(reader, [lifecycle], has_status=kind == STATUS)


def _faulty_downlink(reader: ByteReader) -> Decoded:
    f_port, fault = reader.u8(), reader.u8()
    reader.end()
    return Decoded(notices=(Notice("downlink_refused", f"port {f_port}: {_named(DOWNLINK_FAULTS, fault)}"),))


def _named(names: dict[int, str], code: int) -> str:
    return names.get(code, f"0x{code:02x}")
