"""EMU Professional II LoRa: three-phase energy meter for the rail, direct or behind transformers.

Source: the device repository of The Things Network (vendor/emu/profii-lp-codec_generic.js). A frame is the time of the
reading, then fields of a type and as many bytes as the type says, then a CRC-8; numbers are little-endian. The user
decides which fields a port carries, so any port is read. Two bytes or less are a sign of life.
"""

from domain.decoding.codec import Context, Decoded, Notice, Payload, Snapshot
from domain.decoding.codecs.emu_professional_ii.fields import Fields
from domain.decoding.codecs.emu_professional_ii.layout import STRIDE, layout
from domain.decoding.crc8 import crc8
from domain.decoding.refusals import too_short, wrong_checksum
from domain.rfc3339 import NS_PER_S

_SIGN_OF_LIFE = 2
_TIME = 4
_SHORTEST = _TIME + 1


def decode(payload: Payload, context: Context) -> Decoded:
    """Return what ``payload`` means; the meter sends nothing in pieces, so that ``context`` stays empty.

    Raises:
        Undecodable: the frame was changed on its way, or a field is cut short.
    """
    del context
    data = payload.data
    if len(data) <= _SIGN_OF_LIFE:
        if not data:
            raise too_short(0, 1)
        return Decoded(notices=(Notice("sign_of_life", data.hex()),))
    if len(data) < _SHORTEST:
        raise too_short(len(data), _SHORTEST)
    computed = crc8(data[:-1])
    if computed != data[-1]:
        raise wrong_checksum(data[-1], computed)
    end = len(data) - 1
    device_ns = int.from_bytes(data[:_TIME], "little") * NS_PER_S
    known = layout(data[_TIME:end:STRIDE]) if (end - _TIME) % STRIDE == 0 else None
    if known is not None:
        return Decoded((Snapshot(known.read(data, _TIME), device_ns),))
    fields = Fields()
    fields.read(data, _TIME, end)
    readings = tuple(fields.readings.values())
    return Decoded((Snapshot(readings, device_ns),) if readings else (), fields.attributes, tuple(fields.notices))


__all__ = ["decode"]
