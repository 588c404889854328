"""Messages of our own in the uplink log: what a job found, told to processing in the order of the log.

So a restart, which reads the log again, does the same again.
"""

import msgspec

from application.ports.uplink_log import RawUplink
from domain.errors import InvalidValue
from domain.identifiers import DevEui, dev_eui
from domain.radio import Message, Recounted, Unreadable

NETWORK_SERVER = "stadtfunk"
"""In place of a network server's name."""
_TOPIC = "recounted/"
_VERSION = 1
"""Raised whenever the layout of accounts changes: a recount of before is then refused, and may be made again."""

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Recounted).decode


def raw_of(recount: Recounted, received_us: int) -> RawUplink:
    """Return ``recount`` as a message of the log."""
    body = bytes((_VERSION,)) + _encode(recount)
    return RawUplink(NETWORK_SERVER, NETWORK_SERVER, _TOPIC + recount.dev_eui, body, received_us)


class OwnMessages:
    """Reads them, as an ``EnvelopeReader`` does those of network servers."""

    network_servers = (NETWORK_SERVER,)

    def dev_eui(self, raw: RawUplink) -> DevEui | None:
        """Return the device that ``raw`` speaks of; None: it cannot be told."""
        try:
            return dev_eui(raw.topic.removeprefix(_TOPIC))
        except InvalidValue:
            return None

    def read(self, raw: RawUplink) -> Message:
        """Return what ``raw`` says."""
        if raw.body[:1] != bytes((_VERSION,)):
            return Unreadable("recount_of_another_version", f"version {_VERSION} expected: recount once more")
        try:
            return _decode(memoryview(raw.body)[1:])
        except msgspec.MsgspecError as error:
            return Unreadable("recount_unreadable", f"{error}: nobody but stadtfunk may write to its log")
