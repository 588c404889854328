"""A transmission of a device, and how each network server tells of it."""

import json
from base64 import b64encode
from datetime import UTC, datetime
from typing import Protocol

from hypothesis import strategies as st
from msgspec import Struct

from application.ports.uplink_log import RawUplink
from tests.support.json_messages import Json

RECEIVED_US = 1_780_308_060_000_000
"""When our process received every message: 2026-06-01 10:01 UTC."""
APPLICATION = "swu-meters"
_NS_DIGITS = 9


class Gateway(Struct, frozen=True):
    """How a gateway heard it."""

    eui: str
    rssi: int
    snr: float


class Transmission(Struct, frozen=True):
    """What was sent and heard, whichever network server tells of it."""

    dev_eui: str
    dev_addr: str
    device_id: str
    f_cnt: int
    f_port: int
    payload: bytes
    ns: int
    gateways: tuple[Gateway, ...]
    spreading_factor: int
    frequency_hz: int


class Writing(Struct, frozen=True):
    """How a network server happens to write a time."""

    digits: int = 9
    zone: str = "Z"


EXACT = Writing()


def time_text(ns: int, writing: Writing) -> str:
    """Return ``ns`` cut to so many fractional digits."""
    seconds, fraction = divmod(ns, 10**_NS_DIGITS)
    head = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    shown = f"{fraction:09d}"[: writing.digits]
    return f"{head}.{shown}{writing.zone}" if shown else f"{head}{writing.zone}"


def in_v2(sent: Transmission, writing: Writing = EXACT, source: str = "swu") -> RawUplink:
    """Return it as The Things Network v2 tells it: port and counter always, MHz, nanoseconds of airtime."""
    message: Json = {
        "app_id": APPLICATION,
        "dev_id": sent.device_id,
        "hardware_serial": sent.dev_eui.upper(),
        "port": sent.f_port,
        "counter": sent.f_cnt,
        "payload_raw": _base64(sent.payload) if sent.payload else None,
        "metadata": {
            "time": time_text(sent.ns, writing),
            "frequency": sent.frequency_hz / 1e6,
            "modulation": "LORA",
            "data_rate": f"SF{sent.spreading_factor}BW125",
            "airtime": 61_696_000,
            "coding_rate": "4/5",
            "gateways": [
                {"gtw_id": f"eui-{each.eui}", "timestamp": 1, "time": "", "rssi": each.rssi, "snr": each.snr}
                for each in sent.gateways
            ],
        },
    }
    return _raw(source, "ttn-v2", f"{APPLICATION}/devices/{sent.device_id}/up", message)


def in_v3(sent: Transmission, writing: Writing = EXACT, source: str = "swu") -> RawUplink:
    """Return it as The Things Stack tells it: zeros left out, Hz as text."""
    up = _nonzero(f_port=sent.f_port, f_cnt=sent.f_cnt, frm_payload=_base64(sent.payload))
    received_at = time_text(sent.ns, writing)
    message: Json = {
        "end_device_ids": {
            "device_id": sent.device_id,
            "application_ids": {"application_id": APPLICATION},
            "dev_eui": sent.dev_eui.upper(),
            "dev_addr": sent.dev_addr.upper(),
        },
        "received_at": received_at,
        "uplink_message": {
            "session_key_id": "AXA50tHUGUucuzS/bCGMNw==",
            **up,
            "rx_metadata": [
                {"gateway_ids": {"gateway_id": f"eui-{each.eui}"}, **_nonzero(rssi=each.rssi, snr=each.snr)}
                for each in sent.gateways
            ],
            "settings": {
                "data_rate": {"lora": {"bandwidth": 125_000, "spreading_factor": sent.spreading_factor}},
                "frequency": str(sent.frequency_hz),
            },
            "received_at": received_at,
            "consumed_airtime": "0.061696s",
        },
    }
    return _raw(source, "tts", f"v3/{APPLICATION}@ulm/devices/{sent.device_id}/up", message)


def in_chirpstack(sent: Transmission, writing: Writing = EXACT, source: str = "swu") -> RawUplink:
    """Return it as ChirpStack v4 tells it: the event's zeros written, the radio's left out, no airtime."""
    message: Json = {
        "deduplicationId": "3ac7e3c4-4401-4b8d-9386-a5c902f90000",
        "time": time_text(sent.ns, writing),
        "deviceInfo": {"applicationId": APPLICATION, "deviceName": sent.device_id, "devEui": sent.dev_eui, "tags": {}},
        "devAddr": sent.dev_addr,
        "fCnt": sent.f_cnt,
        "fPort": sent.f_port,
        "data": _base64(sent.payload),
        "rxInfo": [{"gatewayId": each.eui, **_nonzero(rssi=each.rssi, snr=each.snr)} for each in sent.gateways],
        "txInfo": {
            "frequency": sent.frequency_hz,
            "modulation": {"lora": {"bandwidth": 125_000, "spreadingFactor": sent.spreading_factor}},
        },
    }
    return _raw(source, "chirpstack", f"application/{APPLICATION}/device/{sent.dev_eui}/event/up", message)


class Write(Protocol):
    """A network server's way to tell of a transmission."""

    def __call__(self, sent: Transmission, writing: Writing = ..., source: str = ...) -> RawUplink: ...


WRITERS: tuple[Write, ...] = (in_v2, in_v3, in_chirpstack)

writings = st.builds(Writing, digits=st.integers(0, 9), zone=st.sampled_from(["Z", "+00:00"]))
gateways = st.lists(
    st.builds(
        Gateway,
        eui=st.integers(0, 2**64 - 1).map(lambda eui: f"{eui:016x}"),
        rssi=st.integers(-140, 0),
        snr=st.integers(-80, 60).map(lambda quarters: quarters / 4),
    ),
    max_size=3,
).map(tuple)


def _raw(source: str, network_server: str, topic: str, message: Json) -> RawUplink:
    return RawUplink(source, network_server, topic, json.dumps(message).encode(), RECEIVED_US)


def _nonzero(**fields: object) -> Json:
    return {name: value for name, value in fields.items() if value}


def _base64(payload: bytes) -> str:
    return b64encode(payload).decode()
