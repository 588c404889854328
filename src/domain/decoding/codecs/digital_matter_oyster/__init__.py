"""Digital Matter Oyster, Oyster3, Yabby and Yabby3: trackers of bicycles, trailers, containers.

Sources: the maker's "Oyster 3 LoRaWAN Integration" (revision 1.2, 2022-04-13) and "Yabby LoRaWAN Integration" (revision
1.3, 2019-03-11) as its decoders have them, the device repository of The Things Network
(vendor/digital-matter/oyster.js) and ChirpStack's device profiles (vendors/digital-matter/codecs). Ports 1 to 4 are
common to the generations of the Oyster, the others are Oyster3's and Yabby3's; the first Yabby has its own position.
A message is one number, little-endian, its fields from the lowest bit up. Bytes behind those that are known are noted
and not refused: firmware may add to a message.

Not for the Yabby Edge, which has no GNSS of its own.
"""

from collections.abc import Callable, Mapping

from domain.decoding.codec import Context, Decoded, Notice, Payload
from domain.decoding.codecs.digital_matter_oyster.bit_reader import BitReader
from domain.decoding.codecs.digital_matter_oyster.positions import (
    dated_position,
    position,
    short_position,
    yabby_position,
)
from domain.decoding.codecs.digital_matter_oyster.statistics import statistics, statistics_since_battery
from domain.decoding.codecs.digital_matter_oyster.system import acknowledgement, hello
from domain.decoding.refusals import unknown_f_port

_Messages = Mapping[int, Callable[[BitReader, int], Decoded]]

_OYSTER: _Messages = {
    1: position,
    2: acknowledgement,
    3: statistics_since_battery,
    4: short_position,
    30: hello,
    31: statistics,
    33: dated_position,
}
_YABBY: _Messages = {1: yabby_position, 2: acknowledgement, 3: statistics_since_battery}


def decode(payload: Payload, context: Context) -> Decoded:
    """Return what ``payload`` of an Oyster, Oyster3 or Yabby3 means; ``context`` stays empty, for nothing is in pieces.

    Raises:
        Undecodable: the port is not the tracker's, or the payload is too short for it.
    """
    del context
    return _read(_OYSTER, payload)


def decode_yabby(payload: Payload, context: Context) -> Decoded:
    """Return what ``payload`` of a Yabby means, likewise."""
    del context
    return _read(_YABBY, payload)


def _read(messages: _Messages, payload: Payload) -> Decoded:
    message = messages.get(payload.f_port)
    if message is None:
        raise unknown_f_port(payload.f_port)
    reader = BitReader(payload.data)
    decoded = message(reader, payload.network_ns)
    unread = reader.rest()
    if not unread:
        return decoded
    notices = (*decoded.notices, Notice("bytes_unread", unread.hex()))
    return Decoded(decoded.snapshots, decoded.attributes, notices)


__all__ = ["decode", "decode_yabby"]
