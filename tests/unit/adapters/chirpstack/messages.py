"""Events as ChirpStack v4 publishes them, written to the documented shapes; the identifiers are invented."""

import json

from application.ports.uplink_log import RawUplink
from tests.support.json_messages import Json

NOON_US = 1_767_268_800_000_000
"""When our process received every message: 2026-01-01 12:00 UTC."""
APPLICATION = "17c82e96-be03-4f38-aef3-f83d48580000"
TOPIC = f"application/{APPLICATION}/device/003e94c6ad72f129/event/"

_DEVICE: Json = {
    "tenantId": "52f14cd4-c6f1-4fbd-8f87-4025e1d40000",
    "tenantName": "SWU",
    "applicationId": APPLICATION,
    "applicationName": "electricity",
    "deviceProfileId": "14855bf7-d10d-4aee-b618-ebfcb64d0000",
    "deviceProfileName": "IMST/iOKE868",
    "deviceName": "meter-0001",
    "devEui": "003e94c6ad72f129",
    "deviceClassEnabled": "CLASS_A",
    "tags": {"street": "Weinhof", "firmware_version": "1.2"},
}

UP: Json = {
    "deduplicationId": "3ac7e3c4-4401-4b8d-9386-a5c902f90000",
    "time": "2026-06-01T10:00:00.019589559+00:00",
    "deviceInfo": _DEVICE,
    "devAddr": "01a2b3c4",
    "adr": False,
    "dr": 3,
    "fCnt": 42,
    "fPort": 1,
    "confirmed": False,
    "data": "AQIDBA==",
    "object": {"fCnt": "of the codec", "devEui": "nobody's", "deep": [{"a": [1.5, None, True]}]},
    "regionConfigId": "eu868",
    "rxInfo": [
        {
            "gatewayId": "0000024b0b03020e",
            "uplinkId": 4_217_106_255,
            "nsTime": "2026-06-01T10:00:00.021+00:00",
            "rssi": -110,
            "snr": 5.2,
            "location": {"latitude": 48.4, "longitude": 9.99},
            "context": "E3OWOQ==",
            "crcStatus": "CRC_OK",
        }
    ],
    "txInfo": {
        "frequency": 868_100_000,
        "modulation": {"lora": {"bandwidth": 125_000, "spreadingFactor": 9, "codeRate": "CR_4_5"}},
    },
}

JOIN: Json = {
    "deduplicationId": "3ac7e3c4-4401-4b8d-9386-a5c902f90000",
    "time": "2026-06-01T10:00:00.019589559+00:00",
    "deviceInfo": _DEVICE,
    "devAddr": "01a2b3c4",
    "relayRxInfo": None,
    "joinServerContext": None,
    "regionConfigId": "eu868",
}

STATUS: Json = {
    "deduplicationId": "0b1c8d5e-90b0-4b62-9fd0-3c4a7f8c0000",
    "time": "2026-06-01T11:00:00.5+00:00",
    "deviceInfo": _DEVICE,
    "margin": 11,
    "externalPowerSource": False,
    "batteryLevelUnavailable": False,
    "batteryLevel": 75.59055,
}

LOCATION: Json = {
    "deduplicationId": "0b1c8d5e-90b0-4b62-9fd0-3c4a7f8c0001",
    "time": "2026-06-01T10:01:00+00:00",
    "deviceInfo": _DEVICE,
    "location": {"latitude": 48.401, "longitude": 9.987, "source": "GEO_RESOLVER_TDOA", "accuracy": 35},
}

LOG: Json = {
    "time": "2026-06-01T10:02:00.000000001+00:00",
    "deviceInfo": _DEVICE,
    "level": "WARNING",
    "code": "UPLINK_F_CNT_RESET",
    "description": "Frame-counter reset or rollover detected",
    "context": {"deduplication_id": "0b1c8d5e-90b0-4b62-9fd0-3c4a7f8c0002", "f_cnt_up": "0"},
}

ACK: Json = {
    "deduplicationId": "0b1c8d5e-90b0-4b62-9fd0-3c4a7f8c0003",
    "time": "2026-06-01T10:03:00+00:00",
    "deviceInfo": _DEVICE,
    "queueItemId": "0b1c8d5e-90b0-4b62-9fd0-3c4a7f8c0004",
    "acknowledged": True,
    "fCntDown": 7,
}

TXACK: Json = {
    "downlinkId": 2_917_311_018,
    "time": "2026-06-01T10:03:00+00:00",
    "deviceInfo": _DEVICE,
    "queueItemId": "0b1c8d5e-90b0-4b62-9fd0-3c4a7f8c0004",
    "fCntDown": 7,
    "gatewayId": "0000024b0b03020e",
    "txInfo": {"frequency": 869_525_000},
}


def event(message: Json | bytes, kind: str = "up", *, topic: str = "") -> RawUplink:
    """Return an event as it comes from ChirpStack."""
    body = message if isinstance(message, bytes) else json.dumps(message, separators=(",", ":")).encode()
    return RawUplink("swu-cs", "chirpstack", topic or TOPIC + kind, body, NOON_US)
