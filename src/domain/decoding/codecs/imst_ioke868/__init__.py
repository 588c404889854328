"""IMST iOKE868 (iO881A): optical reader for electricity meters with SML or IEC 62056-21 interface.

Sources: the vendor's published decoders, in the device repository of The Things Network (vendor/imst/ioke868.js, 1.1)
and newer in tago-io/decoders (imst-gmbh/ioke868/v1.0.0/payload.js, 1.17: signed mantissas, status of firmware 1.3);
the transport header from IMST's manual of the Wireless M-Bus Range Extender, page 16, whose bits the reader shares.

Port 3 carries the reader's status, port 5 the meter's data; 64 more (67, 69) says: one of several pieces.
"""

from domain.decoding.codec import NO_CONTEXT, Context, Decoded, Fragment, Payload
from domain.decoding.codecs.imst_ioke868.meter_data import meter_data
from domain.decoding.codecs.imst_ioke868.pieces import piece
from domain.decoding.codecs.imst_ioke868.segments import flat, still_open
from domain.decoding.codecs.imst_ioke868.status import status
from domain.decoding.refusals import unknown_f_port

_STATUS_PORT, _METER_PORT = 3, 5
_SEGMENTED = 0x40
_SEGMENTED_PORTS = (_METER_PORT | _SEGMENTED, _STATUS_PORT | _SEGMENTED)


def decode(payload: Payload, context: Context) -> Decoded:
    """Return what ``payload`` means, together with the pieces in ``context``.

    Raises:
        Undecodable: the port is not the reader's, or the bytes are not of its format.
    """
    f_port = payload.f_port
    if f_port in _SEGMENTED_PORTS:
        return piece(payload, context)
    open_pieces, expired = _without_old(context, payload.network_ns) if context.fragments else (NO_CONTEXT, ())
    if f_port == _METER_PORT:
        return meter_data(payload, open_pieces, expired)
    if f_port == _STATUS_PORT:
        return status(payload, open_pieces, expired)
    raise unknown_f_port(f_port)


def _without_old(context: Context, now_ns: int) -> tuple[Context, tuple[Fragment, ...]]:
    kept, expired = still_open(context.fragments, now_ns)
    return Context(flat(kept)) if kept else NO_CONTEXT, expired


__all__ = ["decode"]
