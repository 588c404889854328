"""Bosch TPS110 parking lot sensor, firmware 0.23, and any firmware that nobody has told.

Sources: "Parking Lot Sensor, Communication Interface, Technical Description" v0.23.3 (2018-12-17), section 3.1, for
ports 1 to 3; the device repository of The Things Network (vendor/bosch/tpl110-0292.js) for the temperature, the debug
codes and port 6; a published decoder of its users (SensationalSystems/bosch-parking-lot-sensor-decoder) for ports 4
and 7. Numbers of several bytes are little-endian: a device 208 s after its start writes ``d0000000``.

Port 5 (device usage) stays raw: public decoders disagree about its byte order, and a counter must not be guessed. They
disagree about the debug information of a start too: what stands in the notices is the reading of the device repository.
"""

from domain.decoding.codec import Context, Decoded, Notice, Payload, Snapshot
from domain.decoding.refusals import too_long, too_short, unknown_f_port
from domain.observation import Reading, gauge, state

_FREE_OR_OCCUPIED = (state("parking.occupied", "", False), state("parking.occupied", "", True))  # noqa: FBT003
_STATUS_OF = tuple(Decoded(snapshots=(Snapshot((reading,)),)) for reading in _FREE_OR_OCCUPIED)

_STATUS_PORT, _HEARTBEAT_PORT, STARTUP_PORT, _INFORMATION_PORT, _USAGE_PORT, _DEBUG_PORT, _TEMPERATURE_PORT = range(
    1, 8
)

_STARTUP_LENGTH = 17
_DEBUG_CODES_LENGTH = 12
"""Three debug codes of four bytes; the lower twelve bits of each are the code, 0: none."""
_CODE_MASK = 0x0FFF
_FIRST_WITH_CODES = bytes((0, 29, 0))
"""Firmware that writes codes there; before, the manual calls the bytes debug information and no more."""
_RESET_CAUSES = {1: "watchdog", 2: "power_on", 3: "system_request", 4: "other", 5: "lockup", 6: "brownout", 7: "other"}
"""4 is the external pin to some, "other" to the manual, which has no more; 5 to 7 from decoders of its users."""
_FIRMWARE_LENGTH = 3
_URN_LENGTH = 11
_DEBUG_LENGTH = 10


def decode(payload: Payload, context: Context) -> Decoded:
    """Return what ``payload`` means; the sensor sends nothing in pieces, so that ``context`` stays empty.

    Raises:
        Undecodable: the port or the length is not the sensor's.
    """
    del context
    data, f_port = payload.data, payload.f_port
    if f_port in {_STATUS_PORT, _HEARTBEAT_PORT}:
        return _parking_status(data)
    if f_port == STARTUP_PORT:
        return startup(data, has_codes=data[12:15] >= _FIRST_WITH_CODES)
    if f_port == _TEMPERATURE_PORT:
        reading = _temperature(_of_length(data, 1)[0])
        return Decoded((Snapshot((reading,)),), {}, (Notice("temperature_alert"),))
    if f_port == _INFORMATION_PORT:
        return _information(data)
    if f_port == _USAGE_PORT:
        return Decoded(notices=(Notice("device_usage", _at_least(data, 1).hex()),))
    if f_port == _DEBUG_PORT:
        return Decoded(notices=(_debug(_of_length(data, _DEBUG_LENGTH)),))
    raise unknown_f_port(f_port)


def _parking_status(data: bytes) -> Decoded:
    """Read a change of the spot or the daily heartbeat; with measurements switched on, a temperature follows."""
    occupied = _at_least(data, 1)[0] & 1
    length = len(data)
    if length == 1:
        return _STATUS_OF[occupied]
    if length == 2:  # noqa: PLR2004  spot and temperature
        return Decoded((Snapshot((_FREE_OR_OCCUPIED[occupied], _temperature(data[1]))),))
    raise too_long(length, 2)


def startup(data: bytes, *, has_codes: bool) -> Decoded:
    """Return what is sent after every start and join: what went wrong before, firmware, reset cause, spot.

    Args:
        data: the payload.
        has_codes: whether what went wrong is told by three codes; else its bytes stay raw.

    Raises:
        Undecodable: the length is another one.
    """
    _of_length(data, _STARTUP_LENGTH)
    cause = _RESET_CAUSES.get(data[15])
    lifecycle = state("device.lifecycle", "", f"startup:{cause}" if cause else "startup")
    debug = data[:_DEBUG_CODES_LENGTH]
    notices = _debug_codes(debug) if has_codes else (Notice("debug", debug.hex()),)
    snapshot = Snapshot((_FREE_OR_OCCUPIED[data[16] & 1], lifecycle))
    return Decoded((snapshot,), {"firmware": _firmware(data[12:15])}, notices)


def _debug_codes(data: bytes) -> tuple[Notice, ...]:
    codes = [int.from_bytes(data[at : at + 2], "little") & _CODE_MASK for at in range(0, _DEBUG_CODES_LENGTH, 4)]
    return tuple(Notice("debug_code", str(code)) for code in codes if code)


def _information(data: bytes) -> Decoded:
    """Read the answer to a request: the firmware's version, or the URN printed on the sensor."""
    if len(data) == _FIRMWARE_LENGTH:
        return Decoded(attributes={"firmware": _firmware(data)})
    return Decoded(attributes={"urn": _of_length(data, _URN_LENGTH).hex()})


def _debug(data: bytes) -> Notice:
    """Read a time since the start, a code and a running number."""
    seconds = int.from_bytes(data[:4], "little")
    code = int.from_bytes(data[4:6], "little") & _CODE_MASK
    number = int.from_bytes(data[8:10], "little")
    return Notice("debug_code", f"{code} (message {number}, {seconds} s after the start)")


def _temperature(byte: int) -> Reading:
    return gauge("device.temperature", "", byte - 256 if byte > 127 else byte)  # noqa: PLR2004  a signed byte, deg C


def _firmware(data: bytes) -> str:
    return f"{data[0]}.{data[1]}.{data[2]}"


def _at_least(data: bytes, length: int) -> bytes:
    if len(data) < length:
        raise too_short(len(data), length)
    return data


def _of_length(data: bytes, length: int) -> bytes:
    if len(_at_least(data, length)) > length:
        raise too_long(len(data), length)
    return data
