"""One reader of envelopes for all network servers: each message goes to the adapter that knows its server."""

from collections.abc import Sequence
from typing import Protocol

from application.ports.envelope_reader import EnvelopeReader
from application.ports.uplink_log import RawUplink
from application.processing.own_messages import NETWORK_SERVER
from domain.identifiers import DevEui
from domain.radio import Message, Unreadable


class ServersReader(EnvelopeReader, Protocol):
    """A reader that says which network servers it knows."""

    network_servers: Sequence[str]


class EnvelopeReaders:
    """Chooses by ``RawUplink.network_server``; adapters do not know each other."""

    def __init__(self, *readers: ServersReader) -> None:
        self._readers = {server: reader for reader in readers for server in reader.network_servers}

    def dev_eui(self, raw: RawUplink) -> DevEui | None:
        """Return the device that ``raw`` speaks of; None: it cannot be told."""
        reader = self._readers.get(raw.network_server)
        return reader.dev_eui(raw) if reader is not None else None

    def read(self, raw: RawUplink) -> Message:
        """Return what ``raw`` says."""
        reader = self._readers.get(raw.network_server)
        if reader is None:
            known = ", ".join(server for server in self._readers if server != NETWORK_SERVER)
            detail = f"source {raw.source!r} has network_server = {raw.network_server!r}: one of {known} expected"
            return Unreadable("network_server_unknown", detail)
        return reader.read(raw)
