"""Reading of ChirpStack v4: which of its events says what.

Source: ChirpStack documentation, "Event types" and "MQTT integration".
"""

from collections.abc import Callable, Mapping

from msgspec.json import Decoder

from adapters.chirpstack.events import Sender, Unnamed
from adapters.chirpstack.frames import EUI_PATH, read_join, read_up
from adapters.chirpstack.reports import read_location, read_log, read_status
from adapters.chirpstack.topic import device_in, parts_of
from adapters.json_envelope.fields import device_of
from adapters.json_envelope.malformed import DECODING_ERRORS, ENVELOPE_UNREADABLE, Malformed
from application.ports.uplink_log import RawUplink
from domain.identifiers import DevEui
from domain.radio import Ignored, Message

_READERS: Mapping[str, Callable[[RawUplink, str], Message]] = {
    "up": read_up,
    "join": read_join,
    "status": read_status,
    "location": read_location,
    "log": read_log,
}
_OTHERS = {"ack": "downlink", "txack": "downlink", "integration": "integration_event"}

_NOTHING = (b"", b"null")
"""A field that is absent, or not set."""

_SENDER, _UNNAMED = Decoder(Sender), Decoder(Unnamed)


class ChirpStackV4:
    """Reads what ChirpStack publishes; see ``ChirpStackEnvelopeReader``."""

    def dev_eui(self, raw: RawUplink) -> DevEui:
        """Return the device that ``raw`` speaks of, reading nothing else; of what is broken the topic tells it.

        Raises:
            Malformed, ValueError, RecursionError: it cannot be told.
        """
        try:
            return device_of(_SENDER.decode(raw.body).device_info.dev_eui, EUI_PATH)
        except (Malformed, *DECODING_ERRORS):
            return device_of(device_in(raw.topic), EUI_PATH)

    def read(self, raw: RawUplink) -> Message:
        """Return what ``raw`` says.

        Raises:
            Malformed, ValueError, RecursionError: it cannot be understood.
        """
        application, event = parts_of(raw.topic)
        event = event or _event_of(raw.body)
        read = _READERS.get(event)
        if read is None:
            return Ignored(_OTHERS.get(event, "foreign_topic"))
        return read(raw, application)


def _event_of(body: bytes) -> str:
    """Return which event it is; reached where the topic did not tell."""
    found = _UNNAMED.decode(body)
    told = (
        ("ack", found.queue_item_id),
        ("up", found.tx_info),
        ("status", found.margin),
        ("location", found.location),
        ("log", found.code),
        ("integration", found.integration_name),
        ("join", found.dev_addr),
    )
    for event, mark in told:
        if bytes(mark) not in _NOTHING:
            return event
    raise Malformed(ENVELOPE_UNREADABLE, "$.txInfo, $.devAddr and all else that tells an event are missing")
