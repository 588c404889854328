"""Envelopes of The Things Network v2, as its bridges published them from 2016 to 2021.

Source: github.com/TheThingsNetwork/ttn, ``mqtt/README.md`` and ``core/types``. The DevEUI is ``hardware_serial``;
``port`` and ``counter`` are always written; times have 0 to 9 fractional digits and are ``""`` where unknown.
"""

from typing import Annotated

from msgspec import Meta, Struct
from msgspec.json import Decoder

from adapters.json_envelope.fields import FCnt, FPort, FrmPayload, Name, dev_addr_of, device_of, instant
from adapters.json_envelope.place import Latitude, Location, Longitude, Metres, position_of
from adapters.ttn.topic import parts_of
from application.ports.uplink_log import RawUplink
from domain.identifiers import DevEui
from domain.observation import Position
from domain.radio import Activation, Ignored, Message, Reception, Uplink

_HZ_PER_MHZ = 1_000_000


class _Gateway(Struct, frozen=True, gc=False):
    gtw_id: Name = ""
    time: str = ""
    """Empty where the gateway has no GPS: Go writes the zero time so."""
    rssi: float = 0.0
    snr: float = 0.0


class _Metadata(Struct, frozen=True, gc=False):
    time: str = ""
    frequency: Annotated[float, Meta(ge=0, le=10_000)] = 0.0
    """MHz."""
    data_rate: Name = ""
    airtime: Annotated[int, Meta(ge=0, le=2**63 - 1)] = 0
    """ns."""
    gateways: tuple[_Gateway, ...] | None = None
    latitude: Latitude = 0.0
    """Of the device, as it was registered."""
    longitude: Longitude = 0.0
    altitude: Metres = 0.0
    location_accuracy: Metres = 0.0
    location_source: Name = ""


class _UplinkMessage(Struct, frozen=True, gc=False):
    app_id: Name = ""
    dev_id: Name = ""
    hardware_serial: str = ""
    port: FPort = 0
    counter: FCnt = 0
    payload_raw: FrmPayload | None = None
    metadata: _Metadata = _Metadata()


class _Activation(Struct, frozen=True, gc=False):
    """Has neither ``app_id`` nor ``dev_id``: its topic names them (ttn, ``core/handler/activation.go``)."""

    dev_eui: str = ""
    hardware_serial: str = ""
    """Never written, and yet what ``_Sender`` would go by."""
    dev_addr: str = ""
    metadata: _Metadata = _Metadata()


class _Sender(Struct, frozen=True, gc=False):
    hardware_serial: str = ""
    dev_eui: str = ""


_UPLINK = Decoder(_UplinkMessage)
_ACTIVATION = Decoder(_Activation)
_SENDER = Decoder(_Sender)

_SOURCES = {"": "configured", "REGISTRY": "configured", "CONFIG": "configured", "GPS": "gnss"}
"""``LocationMetadata.LocationSource`` (``core/types``); where none is told, it was entered on the console."""
_OURS = ("up", "")
_ACTIVATIONS = "events/activations"


class ThingsNetworkV2:
    """Reads what The Things Network v2 published; see ``TtnEnvelopeReader``."""

    def dev_eui(self, raw: RawUplink) -> DevEui:
        """Return the device that ``raw`` speaks of, reading nothing else.

        Raises:
            Malformed, ValueError, RecursionError: it cannot be told.
        """
        sender = _SENDER.decode(raw.body)
        return device_of(sender.hardware_serial or sender.dev_eui, "$.hardware_serial")

    def read(self, raw: RawUplink) -> Message:
        """Return what ``raw`` says.

        Raises:
            Malformed, ValueError, RecursionError: it cannot be understood.
        """
        application, device, kind = parts_of(raw.topic)
        if kind in _OURS:
            return _uplink(raw, application, device)
        if kind == _ACTIVATIONS:
            return _activation(raw, application, device)
        return Ignored(_reason(kind))


def _uplink(raw: RawUplink, application: str, device: str) -> Uplink:
    up = _UPLINK.decode(raw.body)
    metadata = up.metadata
    gateways = metadata.gateways or ()
    return Uplink(
        device_of(up.hardware_serial, "$.hardware_serial"),
        raw.source,
        up.app_id or application,
        up.dev_id or device,
        "",
        up.counter,
        up.port,
        up.payload_raw or b"",
        _network_ns(raw, metadata),
        tuple([Reception(heard.gtw_id, heard.rssi, heard.snr) for heard in gateways]),
        data_rate=metadata.data_rate,
        frequency_hz=round(metadata.frequency * _HZ_PER_MHZ),
        airtime_ns=metadata.airtime,
        place=_place(metadata) if metadata.latitude or metadata.longitude else None,
    )


def _place(metadata: _Metadata) -> Position | None:
    location = Location(
        metadata.latitude,
        metadata.longitude,
        metadata.altitude,
        metadata.location_accuracy,
        metadata.location_source.upper(),
    )
    return position_of(location, _SOURCES)


def _activation(raw: RawUplink, application: str, device: str) -> Activation:
    join = _ACTIVATION.decode(raw.body)
    sender = device_of(join.hardware_serial or join.dev_eui, "$.dev_eui")
    dev_addr = dev_addr_of(join.dev_addr, "$.dev_addr")
    return Activation(sender, raw.source, application, device, "", _network_ns(raw, join.metadata), dev_addr)


def _network_ns(raw: RawUplink, metadata: _Metadata) -> int:
    """Return when the network heard it: by its server, else the first gateway that knows the time, else by us."""
    if metadata.time:
        return instant(metadata.time, "$.metadata.time")
    for index, gateway in enumerate(metadata.gateways or ()):
        if gateway.time:
            return instant(gateway.time, f"$.metadata.gateways[{index}].time")
    return raw.received_us * 1_000


def _reason(kind: str) -> str:
    if kind.startswith("up/"):
        return "up_field"  # one decoded field, a bare JSON value
    if kind.startswith("events/"):
        return "device_event"
    return "downlink" if kind == "down" else "foreign_topic"
