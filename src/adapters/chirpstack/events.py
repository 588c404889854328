"""Events of ChirpStack v4: the fields that are read, under the names it gives them.

Source: github.com/chirpstack/chirpstack, ``api/proto/integration/integration.proto``, ``gw/gw.proto`` and
``common/common.proto``, in the JSON mapping of protobuf. Fields of an event itself and of ``deviceInfo`` are written
even when they are zero (since 4.1; before, they were left out), those of ``rxInfo``, ``txInfo`` and ``location`` are
not: an absent ``fCnt`` or ``snr`` is 0, not unknown.

The decoder skips what is not declared, which is most of an event, without building it.
"""

from typing import Annotated

from msgspec import Meta, Raw, Struct

from adapters.json_envelope.fields import FCnt, FPort, FrmPayload, Name, Present
from adapters.json_envelope.place import Location


class Tags(Struct, frozen=True, gc=False):
    """What the city wrote beside the device or its profile; one tag is ours."""

    firmware_version: Name = ""


class DeviceInfo(Struct, frozen=True, gc=False, rename="camel"):
    """Whom an event speaks of."""

    dev_eui: str = ""
    device_name: Name = ""
    application_id: Name = ""
    device_profile_name: Name = ""
    tags: Tags | None = None


class RxInfo(Struct, frozen=True, gc=False, rename="camel"):
    """How one gateway heard a frame."""

    gateway_id: Name = ""
    rssi: float = 0.0
    snr: float = 0.0


class Lora(Struct, frozen=True, gc=False, rename="camel"):
    """A LoRa data rate."""

    bandwidth: Annotated[int, Meta(ge=0, le=10_000_000)] = 0
    """Hz; LoRa's widest is 1,625,000."""
    spreading_factor: Annotated[int, Meta(ge=0, le=99)] = 0


class Modulation(Struct, frozen=True, gc=False):
    """Of other modulations than LoRa nothing is read."""

    lora: Lora | None = None


class TxInfo(Struct, frozen=True, gc=False):
    """How the device sent a frame."""

    frequency: Annotated[int, Meta(ge=0, le=10_000_000_000)] = 0
    """Hz."""
    modulation: Modulation | None = None


class Event(Struct, frozen=True, gc=False, rename="camel"):
    """What all events have."""

    time: str = ""
    """The gateway's time where it is within 30 s of the server's, else the server's."""
    device_info: DeviceInfo = DeviceInfo()


class Up(Event, frozen=True, gc=False, rename="camel"):
    """A data frame."""

    dev_addr: str = ""
    f_cnt: FCnt = 0
    f_port: FPort = 0
    data: FrmPayload | None = None
    rx_info: tuple[RxInfo, ...] | None = None
    tx_info: TxInfo | None = None
    join_server_context: Present | None = None
    """There: the payload is still encrypted, only the application holds the key."""


class Join(Event, frozen=True, gc=False, rename="camel"):
    """A device joined: sent with its first uplink, on a way of its own."""

    dev_addr: str = ""


class Status(Event, frozen=True, gc=False, rename="camel"):
    """The device answered how it is (DevStatusAns; TS001-1.0.4, section 5.5)."""

    margin: Annotated[int, Meta(ge=-128, le=127)] = 0
    """SNR of the request, dB."""
    external_power_source: bool = False
    battery_level_unavailable: bool = False
    battery_level: Annotated[float, Meta(ge=0, le=100)] = 0.0
    """%."""


class Located(Event, frozen=True, gc=False):
    """The server's geolocation found the device."""

    location: Location | None = None


class LogContext(Struct, frozen=True, gc=False):
    """What a log line is about."""

    f_cnt_up: str = ""
    """A number, as text: the values of a protobuf map of strings."""


class Log(Event, frozen=True, gc=False):
    """A line of the server's log about a device."""

    level: Name = ""
    code: Name = ""
    description: str = ""
    context: LogContext | None = None


class SenderInfo(Struct, frozen=True, gc=False, rename="camel"):
    """Whom an event speaks of, and nothing else."""

    dev_eui: str = ""


class Sender(Struct, frozen=True, gc=False, rename="camel"):
    """Any event, when only its device is asked for."""

    device_info: SenderInfo = SenderInfo()


_ABSENT = Raw()


class Unnamed(Struct, frozen=True, gc=False, rename="camel"):
    """An event whose topic does not name it: which one it is shows in its fields, whatever they hold."""

    queue_item_id: Raw = _ABSENT
    """Of ``ack``, and of ``txack``, which has a ``txInfo`` as well."""
    tx_info: Raw = _ABSENT
    margin: Raw = _ABSENT
    location: Raw = _ABSENT
    code: Raw = _ABSENT
    integration_name: Raw = _ABSENT
    dev_addr: Raw = _ABSENT
    """Of ``up`` and ``join``."""
