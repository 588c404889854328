"""Uplinks of parking spots, as The Things Stack publishes them, good and spoilt."""

import base64
import json
from typing import Any

Json = dict[str, Any]

APPLICATION = "swu-parking"
OCCUPIED, FREE = b"\x01", b"\x00"
STATUS_PORT = 1
_NOON = "2026-06-01T12:{:02d}:00.123456789Z"


def dev_eui(spot: int) -> str:
    """Return the DevEUI of parking spot ``spot``."""
    return f"70b3d5e75e{spot:06x}"


def topic(prefix: str, spot: int, kind: str = "up") -> str:
    """Return what an uplink of ``spot`` is published on."""
    return f"{prefix}/v3/{APPLICATION}@ulm/devices/spot-{spot}/{kind}"


def message(spot: int, f_cnt: int, payload: bytes = OCCUPIED, f_port: int = STATUS_PORT) -> Json:
    """Return an uplink sent ``f_cnt`` minutes after noon; without its zero values, as the stack writes it."""
    sent = {"f_cnt": f_cnt, "f_port": f_port, "frm_payload": base64.b64encode(payload).decode()}
    uplink = {
        "session_key_id": "AXA50tHUGUucuzS/bCGMNw==",
        **{name: value for name, value in sent.items() if value},
        "rx_metadata": [{"gateway_ids": {"gateway_id": "ulm-muenster"}, "rssi": -110, "snr": 5.2}],
        "received_at": _NOON.format(f_cnt),
        "version_ids": {"brand_id": "bosch", "model_id": "tps110"},
    }
    identifiers = {
        "device_id": f"spot-{spot}",
        "application_ids": {"application_id": APPLICATION},
        "dev_eui": dev_eui(spot).upper(),
    }
    return {"end_device_ids": identifiers, "received_at": _NOON.format(f_cnt), "uplink_message": uplink}


def with_field(spoilt: Json, path: str, value: object) -> Json:
    """Return ``spoilt`` with ``value`` at ``path``: ``uplink_message.f_cnt``; None: without the field."""
    *steps, last = path.split(".")
    parent = spoilt
    for step in steps:
        parent = parent[step]
    if value is None:
        del parent[last]
    else:
        parent[last] = value
    return spoilt


def body(message: Json) -> bytes:
    """Return what is published."""
    return json.dumps(message, separators=(",", ":")).encode()
