"""How messages and payloads break."""

from collections.abc import Callable
from re import compile as pattern

from adapters.simulated_city.encoders import bosch_tps110, imst_ioke868, nas_ul20xx, nas_um30xx
from adapters.simulated_city.frame import Frame

_F_CNT = pattern(rb'"f_cnt":\d+')
_DEV_EUI = pattern(rb'"dev_eui":"[0-9A-F]{16}",')
_FRM_PAYLOAD = pattern(rb'"frm_payload":"[^"]*"')

_ENVELOPE: tuple[tuple[str, Callable[[bytes], bytes]], ...] = (
    ("cut", lambda body: body[: len(body) // 2]),
    ("not_json", lambda body: b"\x00\xff" + body[2:200]),
    ("f_cnt_text", lambda body: _F_CNT.sub(b'"f_cnt":"many"', body, count=1)),
    ("dev_eui_missing", lambda body: _DEV_EUI.sub(b"", body, count=1)),
    ("payload_not_base64", lambda body: _FRM_PAYLOAD.sub(b'"frm_payload":"*!*"', body, count=1)),
)

_PAYLOAD = {
    "electricity": (imst_ioke868.METER_PORT, bytes.fromhex("000204000104")),
    "water": (nas_um30xx.USAGE_PORT, bytes.fromhex("02800001")),
    "parking": (bosch_tps110.STARTUP_PORT, bytes.fromhex("2403000075")),
    "lamps": (nas_ul20xx.USAGE_PORT, bytes.fromhex("ff0301")),
}
"""Port and the first octets of a payload whose rest is gone."""


def broken_envelope(body: bytes, chance: int) -> tuple[str, bytes]:
    """Return how ``body``, a message with a counter and a payload, was broken, and what is left of it."""
    how, broken = _ENVELOPE[chance % len(_ENVELOPE)]
    return how, broken(body)


def broken_payload(fleet: str) -> Frame:
    """Return a frame of a device of ``fleet`` that ends too early to be decoded."""
    f_port, payload = _PAYLOAD[fleet]
    return Frame(f_port, payload, undecodable="cut")
