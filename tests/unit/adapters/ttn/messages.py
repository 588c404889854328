"""Messages as the network servers publish them, written to the documented shapes; the identifiers are invented."""

import json

from application.ports.uplink_log import RawUplink
from tests.support.json_messages import Json

NOON_US = 1_767_268_800_000_000
"""When our process received every message: 2026-01-01 12:00 UTC."""
V3_TOPIC = "v3/swu-electricity@ulm/devices/meter-0001/"
V2_TOPIC = "swu-electricity/devices/meter-0001/"

V3_UPLINK: Json = {
    "end_device_ids": {
        "device_id": "meter-0001",
        "application_ids": {"application_id": "swu-electricity"},
        "dev_eui": "003E94C6AD72F129",
        "join_eui": "70B3D57EF0000001",
        "dev_addr": "260B1716",
    },
    "correlation_ids": ["gs:uplink:01J0"],
    "received_at": "2026-06-01T10:00:00.224073143Z",
    "uplink_message": {
        "session_key_id": "AXA50tHUGUucuzS/bCGMNw==",
        "f_port": 1,
        "f_cnt": 42,
        "frm_payload": "AQIDBA==",
        "decoded_payload": {"f_cnt": "of the codec", "dev_eui": "nobody's", "deep": [{"a": [1.5, None, True]}]},
        "rx_metadata": [
            {
                "gateway_ids": {"gateway_id": "ulm-muenster", "eui": "0000024B0B03020E"},
                "timestamp": 2_463_457_000,
                "rssi": -110,
                "channel_rssi": -110,
                "snr": 5.2,
                "location": {"latitude": 48.4, "longitude": 9.99, "source": "SOURCE_REGISTRY"},
            }
        ],
        "settings": {
            "data_rate": {"lora": {"bandwidth": 125000, "spreading_factor": 9, "coding_rate": "4/5"}},
            "frequency": "868100000",
        },
        "received_at": "2026-06-01T10:00:00.019589559Z",
        "consumed_airtime": "0.185344s",
        "version_ids": {
            "brand_id": "IMST",
            "model_id": "iOKE868",
            "hardware_version": "1.0",
            "firmware_version": "1.2",
            "band_id": "EU_863_870",
        },
        "network_ids": {"net_id": "000013", "tenant_id": "ulm"},
    },
}

V3_JOIN: Json = {
    "end_device_ids": V3_UPLINK["end_device_ids"],
    "received_at": "2026-06-01T09:59:58.9Z",
    "join_accept": {"session_key_id": "AXA50tHUGUucuzS/bCGMNw==", "received_at": "2026-06-01T09:59:58.7Z"},
}

V3_LOCATION: Json = {
    "end_device_ids": V3_UPLINK["end_device_ids"],
    "received_at": "2026-06-01T10:01:00Z",
    "location_solved": {
        "service": "lora-cloud-geolocation-v3",
        "location": {
            "latitude": 48.401,
            "longitude": 9.987,
            "accuracy": 35,
            "source": "SOURCE_LORA_TDOA_GEOLOCATION",
        },
    },
}

V2_UPLINK: Json = {
    "app_id": "swu-electricity",
    "dev_id": "meter-0001",
    "hardware_serial": "003E94C6AD72F129",
    "port": 1,
    "counter": 42,
    "payload_raw": "AQIDBA==",
    "metadata": {
        "time": "2018-06-01T10:00:00.62428417Z",
        "frequency": 868.1,
        "modulation": "LORA",
        "data_rate": "SF9BW125",
        "airtime": 185_344_000,
        "coding_rate": "4/5",
        "gateways": [
            {
                "gtw_id": "eui-0000024b0b03020e",
                "timestamp": 2_463_457_000,
                "time": "",
                "channel": 0,
                "rssi": -110,
                "snr": 5.2,
                "rf_chain": 1,
                "latitude": 48.4,
                "longitude": 9.99,
            }
        ],
    },
}

V2_ACTIVATION: Json = {
    "app_eui": "70B3D57EF0000001",
    "dev_eui": "003E94C6AD72F129",
    "dev_addr": "26011716",
    "metadata": {
        "time": "2018-06-01T09:59:58.1Z",
        "frequency": 868.3,
        "modulation": "LORA",
        "data_rate": "SF9BW125",
        "coding_rate": "4/5",
        "gateways": [{"gtw_id": "eui-0000024b0b03020e", "timestamp": 1, "time": "", "channel": 1, "rssi": -109}],
    },
}


def v3(message: Json | bytes, kind: str = "up", *, topic: str = "") -> RawUplink:
    """Return a message of The Things Stack."""
    return RawUplink("swu", "tts", topic or V3_TOPIC + kind, _body(message), NOON_US)


def v2(message: Json | bytes, kind: str = "up", *, topic: str = "") -> RawUplink:
    """Return a message of The Things Network v2."""
    return RawUplink("swu-old", "ttn-v2", topic or V2_TOPIC + kind, _body(message), NOON_US)


def _body(message: Json | bytes) -> bytes:
    return message if isinstance(message, bytes) else json.dumps(message, separators=(",", ":")).encode()
