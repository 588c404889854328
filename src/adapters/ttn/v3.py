"""Reading of The Things Stack v3: its messages (``v3_envelope.py``) in the words of the domain.

Source of the topics: The Things Stack documentation, "MQTT Server".
"""

from functools import lru_cache

from msgspec.json import Decoder

from adapters.json_envelope.fields import dev_addr_of, device_of, instant
from adapters.json_envelope.malformed import DECODING_ERRORS, ENVELOPE_UNREADABLE, Malformed
from adapters.json_envelope.place import position_of
from adapters.json_envelope.radio import lora_data_rate
from adapters.ttn.topic import eui_in, kind_of, parts_of
from adapters.ttn.v3_envelope import (
    Envelope,
    Foreign,
    JoinAccept,
    Locations,
    LocationSolved,
    RxMetadata,
    Sender,
    UplinkMessage,
)
from adapters.ttn.v3_numbers import airtime_ns, frequency_hz
from application.ports.uplink_log import STORAGE, RawUplink
from domain.identifiers import DevEui
from domain.observation import Position, position
from domain.radio import Activation, Ignored, Message, Reception, ServerReport, Uplink

_EUI_PATH = "$.end_device_ids.dev_eui"
_ADDR_PATH = "$.end_device_ids.dev_addr"
_RECEIVED_PATH = "$.uplink_message.received_at"

_ENVELOPE = Decoder(Envelope)
_SENDER = Decoder(Sender)
_FOREIGN = Decoder(Foreign)

_UPLINK = "/up"
"""The end of the topic of nearly all messages."""
_OURS = ("up", "join", "location/solved", "")
_OTHERS = {"up/normalized": "up_normalized", "service/data": "service_data"}
_SOURCES: dict[str, str] = {
    "SOURCE_GPS": "gnss",
    "SOURCE_REGISTRY": "configured",
    "SOURCE_WIFI_RSSI_GEOLOCATION": "wifi",
    "SOURCE_BT_RSSI_GEOLOCATION": "rssi",
    "SOURCE_LORA_RSSI_GEOLOCATION": "rssi",
    "SOURCE_LORA_TDOA_GEOLOCATION": "tdoa",
}
"""``ttn.lorawan.v3.LocationSource`` (``metadata.proto``). By IP address, or combined from several: unknown."""
_SIMULATED = Ignored("simulated")


class ThingsStackV3:
    """Reads what The Things Stack publishes; see ``TtnEnvelopeReader``."""

    def __init__(self, *, accept_simulated: bool) -> None:
        self._accept_simulated = accept_simulated

    def dev_eui(self, raw: RawUplink) -> DevEui:
        """Return the device that ``raw`` speaks of, reading nothing else; of what is broken its name may tell it.

        Raises:
            Malformed, ValueError, RecursionError: it cannot be told.
        """
        try:
            return device_of(_SENDER.decode(raw.body).end_device_ids.dev_eui, _EUI_PATH)
        except (Malformed, *DECODING_ERRORS):
            if not (named := eui_in(raw.topic)):
                raise
            return device_of(named, _EUI_PATH)

    def read(self, raw: RawUplink) -> Message:
        """Return what ``raw`` says.

        Raises:
            Malformed, ValueError, RecursionError: it cannot be understood.
        """
        topic = raw.topic
        if topic[-3:] != _UPLINK and (kind := kind_of(topic)) not in _OURS:
            return Ignored(_OTHERS.get(kind) or ("downlink" if kind.startswith("down/") else "foreign_topic"))
        envelope = _ENVELOPE.decode(raw.body)
        if envelope.simulated and not self._accept_simulated:
            return _SIMULATED
        ids = envelope.end_device_ids
        application, device = ids.application_ids.application_id, ids.device_id
        if not (application and device):
            named = parts_of(raw.topic)
            application, device = application or named[0], device or named[1]
        if envelope.uplink_message is not None:
            return _uplink(raw, envelope, envelope.uplink_message, application, device)
        if envelope.join_accept is not None:
            return _activation(raw, envelope, envelope.join_accept, application, device)
        if envelope.location_solved is not None:
            return _report(raw, envelope, envelope.location_solved, application, device)
        return _foreign(raw.body)


def _uplink(raw: RawUplink, envelope: Envelope, up: UplinkMessage, application: str, device: str) -> Uplink:
    version, lora = up.version_ids, up.settings.data_rate.lora
    return Uplink(
        device_of(envelope.end_device_ids.dev_eui, _EUI_PATH),
        raw.source,
        application,
        device,
        up.session_key_id,
        up.f_cnt,
        up.f_port,
        up.frm_payload,
        instant(up.received_at, _RECEIVED_PATH) if up.received_at else _network_ns(raw, envelope, "", ""),
        _receptions(up.rx_metadata),
        _model(version.brand_id, version.model_id) if version is not None else "",
        version.firmware_version if version is not None else "",
        lora_data_rate(lora.spreading_factor, lora.bandwidth) if lora is not None else "",
        frequency_hz(up.settings.frequency),
        airtime_ns(up.consumed_airtime),
        up.app_s_key is not None,
        dev_addr_of(envelope.end_device_ids.dev_addr, _ADDR_PATH),
        _place(up.locations) if up.locations is not None else None,
        raw.origin == STORAGE,
    )


def _place(locations: Locations) -> Position | None:
    return position_of(locations.user, _SOURCES) if locations.user is not None else None


def _activation(raw: RawUplink, envelope: Envelope, join: JoinAccept, application: str, device: str) -> Activation:
    return Activation(
        device_of(envelope.end_device_ids.dev_eui, _EUI_PATH),
        raw.source,
        application,
        device,
        join.session_key_id,
        _network_ns(raw, envelope, join.received_at, "$.join_accept.received_at"),
        dev_addr_of(envelope.end_device_ids.dev_addr, _ADDR_PATH),
    )


def _report(
    raw: RawUplink, envelope: Envelope, solved: LocationSolved, application: str, device: str
) -> ServerReport | Ignored:
    sender = device_of(envelope.end_device_ids.dev_eui, _EUI_PATH)
    place = position_of(solved.location, _SOURCES)
    if place is None:
        return Ignored("location_without_place")
    at_ns = _network_ns(raw, envelope, "", "")
    return ServerReport(sender, raw.source, application, device, at_ns, (position("", place),))


def _foreign(body: bytes) -> Ignored:
    """Return which of the other messages it is; reached where the topic did not tell."""
    found = _FOREIGN.decode(body)
    if found.uplink_normalized is not None:
        return Ignored("up_normalized")
    if found.service_data is not None:
        return Ignored("service_data")
    if found != Foreign():
        return Ignored("downlink")
    missing = "$.uplink_message is missing, and so are $.join_accept and $.location_solved: one of them expected"
    raise Malformed(ENVELOPE_UNREADABLE, missing)


def _network_ns(raw: RawUplink, envelope: Envelope, received_at: str, path: str) -> int:
    """Return when the network heard it: by the Network Server, else the Application Server, else by us."""
    if received_at:
        return instant(received_at, path)
    if envelope.received_at:
        return instant(envelope.received_at, "$.received_at")
    return raw.received_us * 1_000


def _receptions(heard: tuple[RxMetadata, ...] | None) -> tuple[Reception, ...]:
    if heard is None:
        return ()
    return tuple(
        [Reception(each.gateway_ids.gateway_id or each.gateway_ids.eui, each.rssi, each.snr) for each in heard]
    )


@lru_cache(maxsize=256)  # a city has some ten models
def _model(brand: str, model: str) -> str:
    return f"{brand}/{model}".lower() if brand and model else ""
