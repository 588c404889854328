"""Rivercity Innovations Lynx."""

import pytest

from domain.decoding import Decoded, Payload, Undecodable
from tests.unit.domain.decoding.vectors import codes_of, decode, values_of


def decoded(f_port: int, hex_text: str) -> Decoded:
    """Decode a message of the tracker."""
    return decode("rivercity_lynx", Payload(bytes.fromhex(hex_text), f_port, 0))


def test_a_failed_fix_is_no_position_and_has_no_heading() -> None:
    found = decoded(2, "031ba177 f9a4fef1 d4 df 26")
    assert values_of(found) == {
        "motion.moving/": True,
        "position.fix/": False,
        "device.battery.voltage/": 4.0,
        "device.temperature/": 19.0,
    }
    assert codes_of(found) == ["position_missing"]


def test_zero_and_zero_is_no_position() -> None:
    assert values_of(decoded(2, "00000000 00000000 14 00 26"))["position.fix/"] is False


@pytest.mark.parametrize("byte, celsius", [("00", 0.0), ("7f", 63.5), ("ff", -0.5), ("d8", -20.0)])
def test_temperatures_below_zero_are_below_zero(byte: str, celsius: float) -> None:
    assert values_of(decoded(2, f"031ba177 f9a4fef1 94 df {byte}"))["device.temperature/"] == celsius


@pytest.mark.parametrize(
    "f_port, length, code",
    [
        *((2, 10, "payload_too_short"), (2, 12, "payload_too_long"), (3, 7, "payload_too_short")),
        *((4, 9, "payload_too_long"), (5, 4, "payload_too_short"), (6, 1, "f_port_unknown")),
    ],
)
def test_what_the_tracker_never_sends_is_refused(f_port: int, length: int, code: str) -> None:
    with pytest.raises(Undecodable) as caught:
        decoded(f_port, "01" * length)
    assert caught.value.code == code
