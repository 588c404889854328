"""Axioma QALCOSONIC W1: ultrasonic water meter with an hourly log.

Sources: "W1 Lora Payload (Long) Extended" V01.8 of the vendor (2020-04-06), sections 2 to 4, as published parsers cite
it (ZennerIoT/element-parsers; aws-samples/aws-iot-core-lorawan, axioma_w1.py; actility/device-catalog, axioma w1) for
ports 100 (47 bytes), 101 and 103; the device repository of The Things Network (vendor/axioma/qalcosonic-w1-codec.js)
for the frame of 51 bytes, "enhanced". Numbers are little-endian, volumes litres, times seconds since 1970 UTC.
"""

from domain.decoding.byte_reader import ByteReader
from domain.decoding.codec import Context, Decoded, Payload, Snapshot
from domain.decoding.codecs.axioma_w1.configuration import configuration
from domain.decoding.codecs.axioma_w1.enhanced import ENHANCED_LENGTH, enhanced
from domain.decoding.codecs.axioma_w1.extended import extended
from domain.decoding.codecs.axioma_w1.status import status_readings
from domain.decoding.refusals import unknown_f_port
from domain.rfc3339 import NS_PER_S

_LOG_PORT, _CONFIGURATION_PORT, _ALARM_PORT = 100, 101, 103


def decode(payload: Payload, context: Context) -> Decoded:
    """Return what ``payload`` means; the meter sends nothing in pieces, so that ``context`` stays empty.

    Raises:
        Undecodable: the port is not the meter's, or the bytes are none of its frames.
    """
    del context
    data, f_port = payload.data, payload.f_port
    if f_port == _LOG_PORT:
        return enhanced(data) if len(data) == ENHANCED_LENGTH else extended(data)
    if f_port == _ALARM_PORT:
        return _alarm(data)
    if f_port == _CONFIGURATION_PORT:
        return configuration(data)
    raise unknown_f_port(f_port)


def _alarm(data: bytes) -> Decoded:
    """Read what the meter sends when its status changes: its clock and the status byte."""
    reader = ByteReader(data)
    clock_s, status = reader.u32(), reader.u8()
    reader.end()
    return Decoded((Snapshot(status_readings(status), clock_s * NS_PER_S),))


__all__ = ["decode"]
