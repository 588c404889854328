"""One document of an answer: a stored message, or the error that ended the answer.

Source: The Things Stack API, ``ttn/lorawan/v3/messages.proto`` (``ApplicationUp``); grpc-gateway wraps each message of
a stream as ``{"result": …}``, and an error that comes after the first as ``{"error": {"code", "message"}}``.
"""

import msgspec
from msgspec import Raw, Struct

from application.ports.uplink_log import STORAGE, RawUplink
from domain.errors import InvalidValue
from domain.rfc3339 import parse_rfc3339

NETWORK_SERVER = "tts"
TOPIC_OF = {"uplink_message": "up", "join_accept": "join", "location_solved": "location/solved"}
"""On what the same message is published."""


class StreamError(Struct, frozen=True):
    """Why the server broke off."""

    code: int = 0
    """Of gRPC."""
    message: str = ""


class Document(Struct, frozen=True):
    """One of the two is there."""

    result: Raw = Raw()
    error: StreamError | None = None


class _Application(Struct, frozen=True):
    application_id: str = ""


class Ids(Struct, frozen=True):
    """Whose message it is."""

    device_id: str = ""
    application_ids: _Application = _Application()
    dev_eui: str = ""


class Head(Struct, frozen=True):
    """What must be known of a message before it is kept: whose it is, and its place in the store's order."""

    end_device_ids: Ids = Ids()
    received_at: str = ""

    @property
    def received_ns(self) -> int:
        """When the Application Server handed it out, ns since 1970-01-01 UTC; 0: it does not say."""
        try:
            return parse_rfc3339(self.received_at)
        except InvalidValue:
            return 0


_DOCUMENT = msgspec.json.Decoder(Document)
_HEAD = msgspec.json.Decoder(Head)
_FIELDS = msgspec.json.Decoder(dict[str, Raw])
_ENCODE = msgspec.json.Encoder().encode


def document_of(text: bytes) -> Document:
    """Return what ``text`` holds.

    Raises:
        msgspec.MsgspecError, UnicodeDecodeError: it is no such document.
    """
    return _DOCUMENT.decode(text)


def head_of(message: Raw) -> Head:
    """Return whose message it is.

    Raises:
        msgspec.MsgspecError, UnicodeDecodeError: it is no message.
    """
    return _HEAD.decode(message)


def with_dev_eui(message: Raw, dev_eui: str) -> Raw:
    """Return ``message`` with the DevEUI that it lacks; every other field stays as it is, byte by byte."""
    fields = _FIELDS.decode(message)
    ids = _FIELDS.decode(fields["end_device_ids"])
    ids["dev_eui"] = Raw(_ENCODE(dev_eui.upper()))
    fields["end_device_ids"] = Raw(_ENCODE(ids))
    return Raw(_ENCODE(fields))


def raw_uplink(message: Raw, source: str, application: str, device_id: str, kind: str, received_us: int) -> RawUplink:
    """Return ``message`` as it would have come: on the topic on which the server publishes it."""
    topic = f"v3/{application}/devices/{device_id}/{TOPIC_OF[kind]}"
    return RawUplink(source, NETWORK_SERVER, topic, bytes(message), received_us, origin=STORAGE)
