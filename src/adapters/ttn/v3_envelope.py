"""The shape of The Things Stack's ``ApplicationUp``, as far as we use it.

Source: The Things Stack documentation, "Data Formats", and its API
``ttn/lorawan/v3/{messages,metadata,lorawan,identifiers}.proto``. Fields keep their proto names, and zero values are
left out, as in all JSON of protobuf: an absent ``f_cnt``, ``f_port`` or ``snr`` is 0, not unknown.

The decoder skips what is not declared, which is most of a message, without building it.
"""

from typing import Annotated

from msgspec import Meta, Struct

from adapters.json_envelope.fields import FCnt, FPort, FrmPayload, Name, Present
from adapters.json_envelope.place import Location


class ApplicationIds(Struct, frozen=True, gc=False):
    """The application a device belongs to."""

    application_id: Name = ""


class DeviceIds(Struct, frozen=True, gc=False):
    """Who sent it."""

    dev_eui: str = ""
    dev_addr: str = ""
    device_id: Name = ""
    application_ids: ApplicationIds = ApplicationIds()


class GatewayIds(Struct, frozen=True, gc=False):
    """Which gateway heard it."""

    gateway_id: Name = ""
    eui: Name = ""


class RxMetadata(Struct, frozen=True, gc=False):
    """How one gateway heard it."""

    gateway_ids: GatewayIds = GatewayIds()
    rssi: float = 0.0
    snr: float = 0.0


class Lora(Struct, frozen=True, gc=False):
    """A LoRa data rate."""

    bandwidth: Annotated[int, Meta(ge=0, le=10_000_000)] = 0
    """Hz; LoRa's widest is 1,625,000."""
    spreading_factor: Annotated[int, Meta(ge=0, le=99)] = 0


class DataRate(Struct, frozen=True, gc=False):
    """Of other modulations than LoRa nothing is read."""

    lora: Lora | None = None


class Settings(Struct, frozen=True, gc=False):
    """How the device sent it."""

    data_rate: DataRate = DataRate()
    frequency: str = "0"
    """Hz, as text: protobuf writes 64-bit integers so."""


class VersionIds(Struct, frozen=True, gc=False):
    """What the device is, as its owner chose it on the network server."""

    brand_id: Name = ""
    model_id: Name = ""
    firmware_version: Name = ""


class Locations(Struct, frozen=True, gc=False):
    """Where the device is, by name of who says so: of those that come with uplinks only the one set by its owner."""

    user: Location | None = None


class UplinkMessage(Struct, frozen=True, gc=False):
    """A data frame."""

    session_key_id: Name = ""
    f_port: FPort = 0
    f_cnt: FCnt = 0
    frm_payload: FrmPayload = b""
    rx_metadata: tuple[RxMetadata, ...] | None = None
    settings: Settings = Settings()
    received_at: str = ""
    """By the Network Server."""
    consumed_airtime: str = "0s"
    version_ids: VersionIds | None = None
    app_s_key: Present | None = None
    locations: Locations | None = None


class JoinAccept(Struct, frozen=True, gc=False):
    """A device (re)joined."""

    session_key_id: Name = ""
    received_at: str = ""


class LocationSolved(Struct, frozen=True, gc=False):
    """A location service found the device."""

    location: Location = Location()


class Envelope(Struct, frozen=True, gc=False):
    """The messages that are ours: one of the three is there."""

    end_device_ids: DeviceIds = DeviceIds()
    received_at: str = ""
    """By the Application Server."""
    uplink_message: UplinkMessage | None = None
    join_accept: JoinAccept | None = None
    location_solved: LocationSolved | None = None
    simulated: bool = False


class Sender(Struct, frozen=True, gc=False):
    """The same message, when only its sender is asked for."""

    end_device_ids: DeviceIds = DeviceIds()


class Foreign(Struct, frozen=True, gc=False):
    """The other messages of ``ApplicationUp``, none of them ours."""

    uplink_normalized: Present | None = None
    downlink_ack: Present | None = None
    downlink_nack: Present | None = None
    downlink_sent: Present | None = None
    downlink_failed: Present | None = None
    downlink_queued: Present | None = None
    downlink_queue_invalidated: Present | None = None
    service_data: Present | None = None
