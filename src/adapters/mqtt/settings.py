"""What can be set about a broker, a subscription to it and a publisher for it."""

from urllib.parse import unquote, urlsplit

from msgspec import Struct

from application.errors import Refused

_TLS_PORT = 8_883
_PORTS = {"mqtts": _TLS_PORT, "mqtt": 1_883}
_NO_ADDRESS = "no address of a broker: mqtt://host:port or mqtts://user:password@host:port expected"


class BrokerSettings(Struct, frozen=True, kw_only=True):
    """Where a broker is and how we present ourselves; durations in seconds."""

    host: str
    port: int = _TLS_PORT
    tls: bool = True
    """Never given up: a broker that does not speak TLS is an error, not a reason to speak plainly."""
    ca_file: str = ""
    """Authority of the broker's certificate (PEM); empty: those of the system."""
    username: str = ""
    password: str = ""
    client_id: str
    """The same after a restart, since a QoS 1 session belongs to it; never used by two processes at once."""
    keepalive_s: float = 30.0
    """How long the broker may be silent; it gives up on us after one and a half times that."""
    connect_s: float = 10.0
    """From the first packet to the subscription."""
    first_pause_s: float = 1.0
    """Before the first attempt to connect again; doubled with each further one …"""
    longest_pause_s: float = 60.0
    """… up to this; each is shortened by chance by up to half, so that a city's clients do not come all at once."""
    unreachable_budget_s: float = 600.0
    """How long there may be no connection before we give up."""
    longest_packet_bytes: int = 32_000_000
    """A longer one is not even begun to be read; an uplink that a hundred gateways heard has 60 kB."""

    def __post_init__(self) -> None:
        if not self.client_id:
            raise ValueError("client_id must be given: a broker knows a session by it")

    def __repr__(self) -> str:
        # The secret must not reach a log by way of a value that is printed.
        return f"{type(self).__name__}({self.address}, client_id={self.client_id!r})"

    @property
    def address(self) -> str:
        """The broker as a URL, without credentials."""
        host = f"[{self.host}]" if ":" in self.host else self.host  # IPv6 (RFC 3986, section 3.2.2)
        return f"{'mqtts' if self.tls else 'mqtt'}://{host}:{self.port}"


class MqttSettings(BrokerSettings, frozen=True, kw_only=True):
    """A source of uplinks on a broker."""

    source: str
    """Name of the network server in the settings: ``RawUplink.source``."""
    network_server: str
    """``tts``, ``ttn-v2`` or ``chirpstack``: ``RawUplink.network_server``."""
    topics: tuple[str, ...]
    """Topic filters (MQTT 3.1.1, section 4.7)."""
    qos: int = 0
    """1: the broker keeps a session for us and gives again what was not acknowledged."""
    batch_messages: int = 500
    """Most messages of one delivery: one blob of the raw log."""
    linger_s: float = 0.005
    """How long a delivery waits for company: 5 ms make a batch of 25 out of 5,000 messages/s."""
    buffer_messages: int = 2_000
    """Messages held for a slow reader before the broker is read no further …"""
    buffer_bytes: int = 8_000_000
    """… or this much of them; 2,000 uplinks of 1.6 kB are 3.2 MB. One message may exceed it, since none is dropped."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.qos not in {0, 1}:
            raise ValueError(f"qos = {self.qos}: 0 or 1 expected; 2 cannot wait for us to acknowledge")
        if not self.topics:
            raise ValueError("topics: at least one topic filter expected")


class PublisherSettings(BrokerSettings, frozen=True, kw_only=True):
    """A publisher of messages on a broker."""

    qos: int = 1
    window: int = 500
    """Messages on their way that the broker has not acknowledged (QoS 1), or that are written at once (QoS 0)."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.qos not in {0, 1}:
            raise ValueError(f"qos = {self.qos}: 0 or 1 expected")

    @classmethod
    def at(cls, url: str, *, client_id: str, qos: int = 1) -> "PublisherSettings":
        """Return the settings for ``mqtt://user:password@host:port`` or ``mqtts://…`` (TLS).

        Raises:
            Refused: it is no such address.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:  # it may hold a password: not shown
            raise Refused(_NO_ADDRESS) from None
        if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/"):
            raise Refused(_NO_ADDRESS)
        return cls(
            host=parts.hostname,
            port=port or _PORTS[parts.scheme],
            tls=parts.scheme == "mqtts",
            username=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            client_id=client_id,
            qos=qos,
        )
