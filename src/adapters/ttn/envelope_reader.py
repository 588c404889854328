"""Reads the envelopes of The Things Stack (v3) and The Things Network v2."""

from typing import Protocol

from adapters.ttn.malformed import DECODING_ERRORS, Malformed, not_decoded
from adapters.ttn.v2 import ThingsNetworkV2
from adapters.ttn.v3 import ThingsStackV3
from application.ports.uplink_log import RawUplink
from domain.identifiers import DevEui
from domain.radio import Message, Unreadable

LARGEST_ENVELOPE = 1_000_000
"""Bytes. An uplink heard by a hundred gateways has 60 kB; what is larger than this is no uplink, and is not parsed."""


class _Generation(Protocol):
    """One generation of the network server; raises ``Malformed`` and what decoding raises."""

    def dev_eui(self, body: bytes) -> DevEui: ...

    def read(self, raw: RawUplink) -> Message: ...


class TtnEnvelopeReader:
    """Chooses by ``RawUplink.network_server``: ``tts`` or ``ttn-v2``.

    Uplinks that a person made up on the network server's console (``simulated: true``) are no data of the city and
    ignored, unless ``accept_simulated``. Of duplicate keys in one JSON object the last counts.
    """

    def __init__(self, *, accept_simulated: bool = False) -> None:
        self._servers: dict[str, _Generation] = {
            "tts": ThingsStackV3(accept_simulated=accept_simulated),
            "ttn-v2": ThingsNetworkV2(),
        }

    def dev_eui(self, raw: RawUplink) -> DevEui | None:
        server = self._servers.get(raw.network_server)
        if server is None or len(raw.body) > LARGEST_ENVELOPE:
            return None
        try:
            return server.dev_eui(raw.body)
        except (Malformed, *DECODING_ERRORS):
            return None

    def read(self, raw: RawUplink) -> Message:
        server = self._servers.get(raw.network_server)
        if server is None:
            return Unreadable("network_server_unknown", f"{raw.network_server!r} is none of {', '.join(self._servers)}")
        if len(raw.body) > LARGEST_ENVELOPE:
            detail = f"the message has {len(raw.body):,} bytes: at most {LARGEST_ENVELOPE:,} expected"
            return Unreadable("envelope_oversized", detail)
        try:
            return server.read(raw)
        except (Malformed, *DECODING_ERRORS) as error:
            malformed = error if isinstance(error, Malformed) else not_decoded(raw.body, error)
            return Unreadable(malformed.reason, malformed.detail, self.dev_eui(raw) or "")
