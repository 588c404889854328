"""Adeunis FTD."""

import pytest

from domain.decoding import Decoded, Payload, Undecodable
from domain.observation import Position
from tests.unit.domain.decoding.vectors import codes_of, decode, values_of


def decoded(hex_text: str, f_port: int = 1) -> Decoded:
    """Decode a frame of the device."""
    return decode("adeunis_ftd", Payload(bytes.fromhex(hex_text), f_port, 0))


def place(hex_text: str) -> object:
    """Return the position that eight bytes of digits are."""
    return values_of(decoded(f"10 {hex_text} 17"))["position/"]


class TestPlace:
    @pytest.mark.parametrize(
        "digits, latitude, longitude",
        [
            ("45159690 00553450", 452_661_500, 58_908_333),
            ("45159691 00553451", -452_661_500, -58_908_333),
            ("89599990 17959990", 899_999_833, 1_799_998_333),
            ("00000010 00000000", 167, 0),
        ],
    )
    def test_is_written_in_degrees_and_minutes(self, digits: str, latitude: int, longitude: int) -> None:
        assert place(digits) == Position(latitude, longitude, satellites=7)

    def test_zero_and_zero_is_none(self) -> None:
        found = decoded("10 00000000 00000000 10")
        assert "position/" not in values_of(found)
        assert codes_of(found) == ["position_quality", "position_missing"]

    @pytest.mark.parametrize("digits", ["4a159690 00553450", "45609690 00553450", "45159690 00560000"])
    def test_digits_that_are_none_are_refused(self, digits: str) -> None:
        with pytest.raises(Undecodable) as caught:
            place(digits)
        assert caught.value.code == "payload_malformed"


class TestTrigger:
    @pytest.mark.parametrize("status, pressed", [("20", True), ("00", False)])
    def test_a_button_was_pressed_or_not(self, status: str, pressed: bool) -> None:
        assert values_of(decoded(status)) == {"device.alarm/button": pressed}

    def test_the_frame_without_a_place_says_nothing_of_the_button(self) -> None:
        assert values_of(decoded("80 f4")) == {"device.temperature/": -12.0}

    def test_a_shock_is_noted(self) -> None:
        assert [(each.code, each.detail) for each in decoded("40").notices] == [("triggered", "accelerometer")]


def test_any_port_will_do() -> None:
    assert decoded("80 1a", 200).snapshots


@pytest.mark.parametrize(
    "hex_text, code", [("", "short"), ("10 4515", "short"), ("03 0fc9", "short"), ("80 1a 00", "long")]
)
def test_the_first_byte_says_how_long_it_is(hex_text: str, code: str) -> None:
    with pytest.raises(Undecodable) as caught:
        decoded(hex_text)
    assert caught.value.code == f"payload_too_{code}"
