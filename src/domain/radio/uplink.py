"""What a network server tells of a device, in one shape for all network servers."""

from msgspec import Struct

from domain.identifiers import DevEui
from domain.observation import Position, Reading


class Reception(Struct, frozen=True, gc=False, omit_defaults=True):
    """How one gateway heard a frame."""

    gateway_id: str
    """The network server's name for the gateway, as it writes it."""
    rssi_dbm: float = 0.0
    snr_db: float = 0.0
    """0.0 also where the server left it out: TTS and ChirpStack omit zero."""


class Uplink(Struct, frozen=True, gc=False):
    """One data frame of a device, as its network server delivered it."""

    dev_eui: DevEui
    source: str
    """The network server it came from, by its name in the settings: sessions are per source."""
    application_id: str
    device_id: str
    """The network server's name for the device."""
    session: str
    """Names the session keys (TTS ``session_key_id``); empty where the server gives none (TTN v2)."""
    f_cnt: int
    f_port: int
    """0: MAC commands only."""
    payload: bytes
    """Decrypted application payload; empty for MAC-only frames and bare acknowledgements."""
    network_ns: int
    """When the network received it, ns since 1970-01-01 UTC."""
    receptions: tuple[Reception, ...] = ()
    model: str = ""
    """``brand/model`` of the device as the network server knows it, lower case; empty: unknown."""
    firmware: str = ""
    data_rate: str = ""
    """LoRa ``SF9BW125``."""
    frequency_hz: int = 0
    airtime_ns: int = 0
    encrypted: bool = False
    """The payload is still encrypted with the AppSKey; no codec can read it."""
    dev_addr: str = ""
    """Address within the session, 8 lower-case hex digits; empty where the server gives none (TTN v2)."""
    place: Position | None = None
    """Where the network server has the device, as somebody entered it there; None: it does not say with uplinks."""
    from_storage: bool = False
    """The network server's store of messages gave it, long after the live way should have."""

    @property
    def is_empty(self) -> bool:
        """Whether the frame carries nothing for the application: MAC commands (port 0) or an acknowledgement."""
        return not self.payload or self.f_port == 0


class Activation(Struct, frozen=True, gc=False):
    """A device (re)joined: its counters start again at 0 (TS001-1.0.4, 6.2)."""

    dev_eui: DevEui
    source: str
    application_id: str
    device_id: str
    session: str
    """Names the new session keys; empty where the server gives none (TTN v2, ChirpStack)."""
    network_ns: int
    dev_addr: str = ""
    """Address within the new session, 8 lower-case hex digits."""


class ServerReport(Struct, frozen=True, gc=False):
    """What a network server itself knows of a device: its battery and link (status), where it is (solved location)."""

    dev_eui: DevEui
    source: str
    application_id: str
    device_id: str
    network_ns: int
    """When the server said so, ns since 1970-01-01 UTC."""
    readings: tuple[Reading, ...]


class ServerNotice(Struct, frozen=True, gc=False):
    """A line of a network server's log about a device: some tell of frames that no uplink brings."""

    dev_eui: DevEui
    source: str
    application_id: str
    device_id: str
    network_ns: int
    level: str
    """``info``, ``warning`` or ``error``."""
    code: str
    """Lower case, such as ``uplink_f_cnt_reset`` or ``uplink_f_cnt_retransmission`` (ChirpStack)."""
    detail: str = ""
    f_cnt: int | None = None
    """Counter of the frame it speaks of, where it speaks of one."""


class Ignored(Struct, frozen=True, gc=False):
    """A message that is no concern of ours; ``reason`` is counted."""

    reason: str


class Unreadable(Struct, frozen=True, gc=False):
    """A message that cannot be understood: it goes to the dead letters."""

    reason: str
    """Stable code, such as ``envelope_unreadable``."""
    detail: str
    """Names the field, the value and what was expected."""
    dev_eui: str = ""
    """The device, where at least that can be told."""


FromServer = Uplink | Activation | ServerReport | ServerNotice | Ignored | Unreadable
"""What a network server's message comes to."""
