"""``up`` and ``join``: what a device sent, and that it joined."""

from msgspec.json import Decoder

from adapters.chirpstack.events import Event, Join, RxInfo, TxInfo, Up
from adapters.json_envelope.fields import dev_addr_of, device_of, instant
from adapters.json_envelope.radio import lora_data_rate
from application.ports.uplink_log import RawUplink
from domain.radio import Activation, Reception, Uplink

EUI_PATH = "$.deviceInfo.devEui"
_ADDR_PATH = "$.devAddr"

_UP, _JOIN = Decoder(Up), Decoder(Join)


def read_up(raw: RawUplink, application: str) -> Uplink:
    """Return a data frame; the application's id is in the topic, too.

    ChirpStack gives no airtime: ``domain.radio.airtime`` computes it. The device's profile stands for its model:
    called ``imst/ioke868``, it needs no rule in the settings.
    """
    up = _UP.decode(raw.body)
    info, tx = up.device_info, up.tx_info
    return Uplink(
        device_of(info.dev_eui, EUI_PATH),
        raw.source,
        info.application_id or application,
        info.device_name,
        "",
        up.f_cnt,
        up.f_port,
        up.data or b"",
        network_ns(raw, up),
        tuple([_reception(heard) for heard in up.rx_info]) if up.rx_info else (),
        info.device_profile_name.lower(),
        info.tags.firmware_version if info.tags is not None else "",
        _data_rate(tx) if tx is not None else "",
        tx.frequency if tx is not None else 0,
        encrypted=up.join_server_context is not None,
        dev_addr=dev_addr_of(up.dev_addr, _ADDR_PATH),
    )


def read_join(raw: RawUplink, application: str) -> Activation:
    """Return that a device joined; ChirpStack names no session, but the new DevAddr tells it."""
    join = _JOIN.decode(raw.body)
    info = join.device_info
    return Activation(
        device_of(info.dev_eui, EUI_PATH),
        raw.source,
        info.application_id or application,
        info.device_name,
        "",
        network_ns(raw, join),
        dev_addr_of(join.dev_addr, _ADDR_PATH),
    )


def network_ns(raw: RawUplink, event: Event) -> int:
    """Return when the network learned it, else when we did."""
    return instant(event.time, "$.time") if event.time else raw.received_us * 1_000


def _reception(heard: RxInfo) -> Reception:
    return Reception(heard.gateway_id, heard.rssi, heard.snr)


def _data_rate(tx: TxInfo) -> str:
    lora = tx.modulation.lora if tx.modulation is not None else None
    return lora_data_rate(lora.spreading_factor, lora.bandwidth) if lora is not None else ""
