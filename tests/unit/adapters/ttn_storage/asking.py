"""Whom the client knows, what it is asked, and what was published."""

import json

from application.ports.uplink_storage import Asked
from domain.rfc3339 import format_rfc3339
from tests.contract.uplink_storage import APPLICATION, NOON_US

S = 1_000_000
HOUR = Asked(NOON_US, NOON_US + 3_600 * S)


def published(device_id: str, f_cnt: int, at_us: int) -> bytes:
    """Return an uplink as it is published: zero values left out."""
    at = format_rfc3339(at_us * 1_000 + 7)
    uplink = {
        "session_key_id": "AXA50tHUGUucuzS/bCGMNw==",
        "f_port": 1,
        **({"f_cnt": f_cnt} if f_cnt else {}),
        "frm_payload": "AQ==",
        "rx_metadata": [{"gateway_ids": {"gateway_id": "ulm-münster"}, "uplink_token": "ChIK", "rssi": -110}],
        "received_at": at,
    }
    ids = {
        "device_id": device_id,
        "application_ids": {"application_id": APPLICATION},
        "dev_eui": "70B3D5E75E000001",
        "join_eui": "70B3D57EF0000001",
        "dev_addr": "260B1716",
    }
    return json.dumps({"end_device_ids": ids, "received_at": at, "uplink_message": uplink}).encode()


class Names:
    """Knows one device by its name."""

    def __init__(self) -> None:
        self.asked = 0

    async def dev_eui(self, application_id: str, device_id: str) -> str:
        self.asked += 1
        return "70b3d5e75e000009" if (application_id, device_id) == (APPLICATION, "spot-9") else ""
