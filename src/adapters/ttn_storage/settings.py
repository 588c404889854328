"""What can be set about a store of messages."""

from urllib.parse import quote

from msgspec import Struct

_TYPES = ("join_accept", "uplink_message", "location_solved")
"""Joins first: they name the sessions of the frames that follow. The cloud stores uplinks only; then the others are
empty answers."""


class StorageSettings(Struct, frozen=True, kw_only=True):
    """Where it is, how we present ourselves, and how patient we are; durations in seconds."""

    url: str
    """``https://eu1.cloud.thethings.network``, without a path."""
    key: str = ""
    """An API key with the right to read application traffic."""
    ca_file: str = ""
    """Authority of the server's certificate (PEM); empty: those of the system."""
    source: str
    """Name of the network server in the settings: ``RawUplink.source``."""
    applications: tuple[str, ...]
    """As they stand in MQTT topics: ``my-application@ttn``."""
    types: tuple[str, ...] = _TYPES
    page: int = 1_000
    """Messages of one answer: 2 MB."""
    connect_s: float = 10.0
    silent_s: float = 60.0
    """How long the server may send nothing in the middle of an answer."""
    answer_s: float = 600.0
    """For a whole answer: 2 MB at 3.5 kB/s; a stream of comments alone would keep us for ever."""
    attempts: int = 5
    """In a row, without a message in between; with the pauses they take up to a minute."""
    first_pause_s: float = 1.0
    """Before the second attempt; doubled with each further one, and shortened by chance by up to half …"""
    longest_pause_s: float = 300.0
    """… unless the server says when: never longer than this."""

    def __repr__(self) -> str:
        # The key must not reach a log by way of a value that is printed.
        return f"{type(self).__name__}({self.url}, source={self.source!r})"

    def address(self, application_id: str, device_id: str, kind: str) -> str:
        """Return the URL of one kind of stored messages.

        Source: The Things Stack API, ``ttn/lorawan/v3/applicationserver_integrations_storage.proto``.
        """
        base = f"{self.url.rstrip('/')}/api/v3/as/applications/{quote(application_id, safe='')}"
        device = f"/devices/{quote(device_id, safe='')}" if device_id else ""
        return f"{base}{device}/packages/storage/{kind}"
