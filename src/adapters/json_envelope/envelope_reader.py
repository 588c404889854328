"""Reads envelopes of network servers that write JSON: never an exception, whatever the bytes."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from adapters.json_envelope.malformed import DECODING_ERRORS, Malformed, not_decoded
from application.ports.uplink_log import RawUplink
from domain.identifiers import DevEui
from domain.radio import Message, Unreadable

LARGEST_ENVELOPE = 1_000_000
"""Bytes. An uplink heard by a hundred gateways has 60 kB; what is larger than this is no uplink, and is not parsed."""


class JsonServer(Protocol):
    """The messages of one network server; raises ``Malformed`` and what decoding raises."""

    def dev_eui(self, raw: RawUplink) -> DevEui: ...

    def read(self, raw: RawUplink) -> Message: ...


class JsonEnvelopeReader:
    """Chooses by ``RawUplink.network_server``. Of duplicate keys in one JSON object the last counts."""

    def __init__(self, servers: Mapping[str, JsonServer]) -> None:
        self._servers = servers
        self.network_servers: Sequence[str] = tuple(servers)
        """What it reads."""

    def dev_eui(self, raw: RawUplink) -> DevEui | None:
        server = self._servers.get(raw.network_server)
        if server is None or len(raw.body) > LARGEST_ENVELOPE:
            return None
        try:
            return server.dev_eui(raw)
        except (Malformed, *DECODING_ERRORS):
            return None

    def read(self, raw: RawUplink) -> Message:
        server = self._servers.get(raw.network_server)
        if server is None:
            detail = f"{raw.network_server!r} is none of {', '.join(self.network_servers)}: correct network_server"
            return Unreadable("network_server_unknown", f"{detail} of source {raw.source!r}")
        if len(raw.body) > LARGEST_ENVELOPE:
            detail = f"the message has {len(raw.body):,} bytes: at most {LARGEST_ENVELOPE:,} expected"
            return Unreadable("envelope_oversized", detail)
        try:
            return server.read(raw)
        except (Malformed, *DECODING_ERRORS) as error:
            malformed = error if isinstance(error, Malformed) else not_decoded(raw.body, error)
            return Unreadable(malformed.reason, malformed.detail, self.dev_eui(raw) or "")
