"""Bosch TPS110 parking lot sensor, firmware 0.29, where the registry or the network server knows that it is.

Source: the device repository of The Things Network (vendor/bosch/tpl110-0292.js). What differs from firmware 0.23: the
twelve bytes of debug information at a start are three codes, whatever version the frame names. Ports 4, 5 and 7 are
read as of any firmware.
"""

from domain.decoding.codec import Context, Decoded, Payload
from domain.decoding.codecs import bosch_tps110


def decode(payload: Payload, context: Context) -> Decoded:
    """Return what ``payload`` means; the sensor sends nothing in pieces, so that ``context`` stays empty.

    Raises:
        Undecodable: the port or the length is not the sensor's.
    """
    if payload.f_port == bosch_tps110.STARTUP_PORT:
        return bosch_tps110.startup(payload.data, has_codes=True)
    return bosch_tps110.decode(payload, context)
