"""NAS UM30xx (Nordic Automation Systems): radio modules for pulse, M-Bus and pressure meters, firmware 4.0.

Source: the vendor's published reference decoder (nasys/nas-codecs, src/um30xx_decoder.js, of 2024), which its readme
names for UM3070, UM3081, UM3090, UM3100, UM3110 and UM3140. Numbers are little-endian, bit fields start at bit 0.
Earlier firmware (UM3023, UM3033, UM3080 1.0) speaks another language and is refused.

Every packet starts with a byte that names it, and has its port.
"""

from collections.abc import Callable

from domain.decoding.codec import Context, Decoded, Payload
from domain.decoding.codecs.nas_um30xx.commands import available_records, command
from domain.decoding.codecs.nas_um30xx.configuration import configuration, request
from domain.decoding.codecs.nas_um30xx.metering import status, usage
from domain.decoding.codecs.nas_um30xx.system import system
from domain.decoding.refusals import unknown_f_port

_PACKETS: dict[int, Callable[[bytes], Decoded]] = {
    24: status,
    25: usage,
    49: request,
    50: configuration,
    60: command,
    61: available_records,
    99: system,
}


def decode(payload: Payload, context: Context) -> Decoded:
    """Return what ``payload`` means; the module sends no meaning in pieces, so that ``context`` stays empty.

    Raises:
        Undecodable: port, packet type or length are not of this firmware.
    """
    del context
    packet = _PACKETS.get(payload.f_port)
    if packet is None:
        raise unknown_f_port(payload.f_port)
    return packet(payload.data)


__all__ = ["decode"]
