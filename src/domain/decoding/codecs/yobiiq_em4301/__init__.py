"""Yobiiq EM4301 and EM4301-CT: three-phase energy meter for the rail, direct or behind transformers.

Source: the device repository of The Things Network (vendor/yobiiq/em4301.js 1.0.1, the same as the maker's own and
ChirpStack's). Ports 1 to 10 carry measurements, port 50 what the meter is and how it is set, port 0 nothing of its own.
A frame is fields of three parts: a channel, a type, and as many bytes as the type says, most significant first.

Measurements come in two formats on the same ports. The periodic one numbers its channels and ends with the state of
the meter's inner bus (channel 11, type 10); the other writes one channel for all. The type alone says what is measured.
"""

from domain.decoding.codec import Context, Decoded, Notice, Payload
from domain.decoding.codecs.yobiiq_em4301.information import information
from domain.decoding.codecs.yobiiq_em4301.measurements import measurements
from domain.decoding.refusals import too_short, unknown_f_port

_NO_PORT, _LAST_MEASUREMENT_PORT, _INFORMATION_PORT = 0, 10, 50
_ANSWERS = {0: Notice("configuration_acknowledged"), 1: Notice("downlink_refused")}


def decode(payload: Payload, context: Context) -> Decoded:
    """Return what ``payload`` means; the meter sends nothing in pieces, so that ``context`` stays empty.

    Raises:
        Undecodable: the port is not the meter's, or a field is cut short.
    """
    del context
    data, f_port = payload.data, payload.f_port
    if f_port == _NO_PORT:
        return Decoded(notices=(Notice("mac_command"),))
    if f_port > _LAST_MEASUREMENT_PORT and f_port != _INFORMATION_PORT:
        raise unknown_f_port(f_port)
    if not data:
        raise too_short(0, 1)
    if len(data) == 1 and data[0] in _ANSWERS:
        return Decoded(notices=(_ANSWERS[data[0]],))
    return information(data) if f_port == _INFORMATION_PORT else measurements(data)


__all__ = ["decode"]
