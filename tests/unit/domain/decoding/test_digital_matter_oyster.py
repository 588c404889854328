"""Digital Matter Oyster, Oyster3 and Yabby3."""

import pytest

from domain.decoding import Decoded, Payload, Undecodable
from domain.observation import Position
from tests.unit.domain.decoding.vectors import codes_of, decode, values_of


def decoded(f_port: int, hex_text: str) -> Decoded:
    """Decode a message of the tracker."""
    return decode("digital_matter_oyster", Payload(bytes.fromhex(hex_text), f_port, 0))


class TestPosition:
    def test_is_as_exact_as_it_was_sent(self) -> None:
        values = values_of(decoded(1, "ffffffff 01000000 fd ff b3"))
        assert values == {
            "motion.moving/": True,
            "device.battery.voltage/": 4.475,
            "position.fix/": True,
            "position/": Position(-1, 1),
            "motion.speed/": 255.0,
            "motion.heading/": 354.375,
        }

    def test_a_cached_one_is_none_and_neither_are_its_speed_and_heading(self) -> None:
        found = decoded(1, "85a8c5eb d8763f0b 03 01 be")
        assert values_of(found) == {"motion.moving/": True, "device.battery.voltage/": 4.75, "position.fix/": False}
        assert [(each.code, each.detail) for each in found.notices] == [("position_cached", "")]

    @pytest.mark.parametrize("flags", ["00", "02"])
    def test_zero_and_zero_is_none(self, flags: str) -> None:
        found = decoded(1, f"00000000 00000000 {flags} 00 be")
        assert values_of(found)["position.fix/"] is False
        assert "position/" not in values_of(found)
        assert codes_of(found) == ["position_missing"]

    def test_zero_alone_is_a_place_on_the_equator(self) -> None:
        assert values_of(decoded(1, "00000000 01000000 00 00 be"))["position/"] == Position(0, 1)

    def test_what_is_no_place_on_earth_is_decoded_to_be_judged(self) -> None:
        assert values_of(decoded(1, "53ab783c 0421f98e 94 0a b3"))["position/"] == Position(
            1_014_541_139, -1_896_275_708
        )


class TestShortPosition:
    def test_counts_in_coarser_steps(self) -> None:
        assert values_of(decoded(4, "ffffff 010000 4a b3 05")) == {
            "motion.moving/": True,
            "device.battery.voltage/": 4.475,
            "device.alarm/man_down": True,
            "position.fix/": True,
            "position/": Position(-256, 256),
            "motion.speed/": 45.0,
            "motion.heading/": 90.0,
        }

    def test_a_person_may_stand_up_again(self) -> None:
        assert values_of(decoded(4, "ffffff 010000 4a b3 00"))["device.alarm/man_down"] is False


class TestOtherMessages:
    def test_counters_are_parts_of_one_number(self) -> None:
        found = decoded(3, "8bf3dc7b9438984278b85e")
        assert values_of(found) == {
            "device.message_count/up": 59_136,
            "device.activity_count/trips": 194_336,
            "device.activity_count/fix_ok": 10_464,
            "device.activity_count/fix_failed": 7_232,
            "device.uptime/": 189 * 7 * 86_400,
        }
        assert found.attributes == {
            "statistics.initial_battery_v": "5.1",
            "statistics.average_fix_s": "96",
            "statistics.average_failed_fix_s": "133",
            "statistics.average_freshen_s": "120",
            "statistics.wakeups_per_trip": "56",
        }

    def test_a_downlink_is_accepted_or_refused(self) -> None:
        assert codes_of(decoded(2, "d3 03 01")) == ["downlink_accepted"]
        assert codes_of(decoded(2, "53 03 01")) == ["downlink_refused"]

    def test_bytes_to_come_are_noted(self) -> None:
        assert decoded(2, "d3 03 01 aabb").notices[-1].detail == "aabb"

    @pytest.mark.parametrize(
        "f_port, hex_text, code",
        [
            (1, "00" * 10, "payload_too_short"),
            (2, "0000", "payload_too_short"),
            (3, "00" * 10, "payload_too_short"),
            (4, "00" * 8, "payload_too_short"),
            (5, "00", "f_port_unknown"),
        ],
    )
    def test_what_the_tracker_never_sends_is_refused(self, f_port: int, hex_text: str, code: str) -> None:
        with pytest.raises(Undecodable) as caught:
            decoded(f_port, hex_text)
        assert caught.value.code == code
