"""Nwave NPS310SM: surface-mounted parking sensor.

Source: the device repository of The Things Network (vendor/nwave/nps310sm.js).
"""

from domain.decoding.codec import Context, Decoded, Notice, Payload, Snapshot
from domain.decoding.refusals import too_long, too_short, unknown_f_port
from domain.observation import state

_STATUS_PORT, _HEARTBEAT_PORT, _STARTUP_PORT, _DEBUG_PORT = 1, 2, 3, 6
_STATUS_LENGTH, _STARTUP_LENGTH = 1, 5
_RESET_CAUSES = {1: "watchdog", 2: "power_on", 3: "user_request", 4: "brownout", 5: "other"}

_FREE_OR_OCCUPIED = tuple(state("parking.occupied", "", is_occupied) for is_occupied in (False, True))
_STATUS_OF = tuple(Decoded((Snapshot((reading,)),)) for reading in _FREE_OR_OCCUPIED)


def decode(payload: Payload, context: Context) -> Decoded:
    """Return what ``payload`` means; the sensor sends nothing in pieces, so that ``context`` stays empty.

    Raises:
        Undecodable: the port or the length is not the sensor's.
    """
    del context
    data, f_port = payload.data, payload.f_port
    if f_port in {_STATUS_PORT, _HEARTBEAT_PORT}:
        return _STATUS_OF[_of_length(data, _STATUS_LENGTH)[0] & 1]
    if f_port == _STARTUP_PORT:
        return _startup(_of_length(data, _STARTUP_LENGTH))
    if f_port == _DEBUG_PORT:
        return Decoded(notices=(Notice("debug", data.hex()),))
    raise unknown_f_port(f_port)


def _startup(data: bytes) -> Decoded:
    """Read what is sent after a start: firmware, why it started, and the spot."""
    cause = _RESET_CAUSES.get(data[3])
    lifecycle = state("device.lifecycle", "", f"startup:{cause}" if cause else "startup")
    snapshot = Snapshot((_FREE_OR_OCCUPIED[data[4] & 1], lifecycle))
    return Decoded((snapshot,), {"firmware": f"{data[0]}.{data[1]}.{data[2]}"})


def _of_length(data: bytes, length: int) -> bytes:
    if len(data) != length:
        raise too_short(len(data), length) if len(data) < length else too_long(len(data), length)
    return data
