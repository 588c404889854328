"""Alpha-Omega KLAX: optical reader for electricity meters (SML, IEC 62056-21), and its sister for Modbus.

Sources: the device repository of The Things Network (vendor/alpha-omega-technology/klax.js, firmware 0 to 2) for the
formats; ZENNER's parser (ZennerIoT/element-parsers, lib/comtac_klax.ex, of 2021) for the order of the past values, the
filters a KLAX is delivered with, and what a past value of zero means. Numbers are big-endian.

Port 3 carries readings, 100 to 105 settings. A message that is too long for the data rate comes in several packets,
which say so; each is whole in itself, so that none waits for another. The settings that readings depend on, interval
and filters, are remembered.
"""

from domain.decoding.codec import Context, Decoded, Payload
from domain.decoding.codecs.alphaomega_klax.application import application
from domain.decoding.codecs.alphaomega_klax.settings import SETTINGS
from domain.decoding.refusals import unknown_f_port

_APPLICATION_PORT = 3


def decode(payload: Payload, context: Context) -> Decoded:
    """Return what ``payload`` means to a reader whose settings are in ``context``.

    Raises:
        Undecodable: the port is not the reader's, or the packet is cut short.
    """
    if payload.f_port == _APPLICATION_PORT:
        return application(payload, context)
    setting = SETTINGS.get(payload.f_port)
    if setting is None:
        raise unknown_f_port(payload.f_port)
    return setting(payload.data, context)


__all__ = ["decode"]
