"""How messages and payloads break."""

from collections.abc import Callable
from re import compile as pattern

from adapters.simulated_city.encoders import (
    axioma_w1,
    bosch_tps110,
    digital_matter_oyster,
    imst_ioke868,
    nas_ul20xx,
    nas_um30xx,
)
from adapters.simulated_city.frame import Frame


class Breaking:
    """How the messages of one network server break: by the names of their fields."""

    def __init__(self, f_cnt: str, dev_eui: str, payload: str) -> None:
        counter = pattern(b'"%b":\\d+' % f_cnt.encode())
        sender = pattern(b'"%b":"[0-9A-Fa-f]{16}",' % dev_eui.encode())
        octets = pattern(b'"%b":"[^"]*"' % payload.encode())
        self._ways: tuple[tuple[str, Callable[[bytes], bytes]], ...] = (
            ("cut", lambda body: body[: len(body) // 2]),
            # With all its times: the same bytes twice would be one message, told again.
            ("not_json", lambda body: b"\x00\xff" + body[2:]),
            ("f_cnt_text", lambda body: counter.sub(b'"%b":"many"' % f_cnt.encode(), body, count=1)),
            ("dev_eui_missing", lambda body: sender.sub(b"", body, count=1)),
            ("payload_not_base64", lambda body: octets.sub(b'"%b":"*!*"' % payload.encode(), body, count=1)),
        )

    def broken(self, body: bytes, chance: int) -> tuple[str, bytes]:
        """Return how ``body``, a message with a counter and a payload, was broken, and what is left of it."""
        how, broken = self._ways[chance % len(self._ways)]
        return how, broken(body)


_PAYLOAD = {
    "electricity": (imst_ioke868.METER_PORT, bytes.fromhex("000204000104")),
    "water": (nas_um30xx.USAGE_PORT, bytes.fromhex("02800001")),
    "parking": (bosch_tps110.STARTUP_PORT, bytes.fromhex("2403000075")),
    "lamps": (nas_ul20xx.USAGE_PORT, bytes.fromhex("ff0301")),
    "ultrasonic": (axioma_w1.LOG_PORT, bytes.fromhex("01aeac986a003217")),
    "trackers": (digital_matter_oyster.POSITION_PORT, bytes.fromhex("0030edec003224")),
}
"""Port and the first octets of a payload whose rest is gone."""


def broken_payload(fleet: str) -> Frame:
    """Return a frame of a device of ``fleet`` that ends too early to be decoded."""
    f_port, payload = _PAYLOAD[fleet]
    return Frame(f_port, payload, undecodable="cut")
