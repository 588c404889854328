"""Digital Matter Oyster, Oyster3, Yabby and Yabby3."""

import pytest

from domain.decoding import Decoded, Payload, Snapshot, Undecodable
from domain.observation import Position
from tests.unit.domain.decoding.vectors import codes_of, decode, values_of

_S = 1_000_000_000


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

    def test_larger_batteries_are_told_in_other_steps(self) -> None:
        assert values_of(decoded(4, "ffffff 010000 4a b3 08"))["device.battery.voltage/"] == 9.228

    @pytest.mark.parametrize("flags, low", [("00", None), ("10", False), ("20", True), ("30", True)])
    def test_it_may_say_whether_the_battery_is_low(self, flags: str, low: bool | None) -> None:
        assert values_of(decoded(4, f"ffffff 010000 4a b3 {flags}")).get("device.battery.low/") is low

    def test_a_person_may_stand_up_again(self) -> None:
        assert values_of(decoded(4, "ffffff 010000 4a b3 00"))["device.alarm/man_down"] is False


class TestDatedPosition:
    _NOON_S = 1_767_268_800
    """2026-01-01 12:00 UTC: a multiple of 15 s, the clock stands at 20."""

    def at(self, tick: int, network_s: int = _NOON_S) -> Snapshot:
        """Return what a message with that clock says."""
        data = (tick << 49 | 1 << 48 | 0x7FFFFF << 24 | 0x400000 << 1).to_bytes(11, "little")
        payload = Payload(data, 33, network_s * _S)
        [snapshot] = decode("digital_matter_oyster", payload).snapshots
        return snapshot

    @pytest.mark.parametrize(
        "tick, seconds", [(0, -300), (20, 0), (19, -15), (60, 600), (61, 615 - 1_905), (126, 1_590 - 1_905)]
    )
    def test_its_clock_begins_anew_every_half_hour(self, tick: int, seconds: int) -> None:
        assert self._NOON_S // 15 % 127 == 20
        snapshot = self.at(tick)
        assert snapshot.device_ns == (self._NOON_S + seconds) * _S
        assert snapshot.uncertainty_ns == 7_500_000_000

    def test_a_clock_that_is_not_set_dates_nothing(self) -> None:
        assert (self.at(127).device_ns, self.at(127).uncertainty_ns) == (None, 0)

    def test_no_instant_is_before_1970(self) -> None:
        assert self.at(100, network_s=0).device_ns is None

    def test_its_place_is_a_part_of_a_turn(self) -> None:
        [place] = [each.value for each in self.at(20).readings if each.measurand == "position"]
        assert place == Position(-900_000_000, 1_799_999_785)

    def test_it_tells_how_long_it_has_been_at_rest(self) -> None:
        found = decoded(33, "e825f49b9e872b6a992aab")
        assert [(each.code, each.detail) for each in found.notices] == [("at_rest_for", "19636 min")]
        assert values_of(found)["device.alarm/man_down"] is True


class TestStatisticsOfOyster3:
    def test_tell_for_what_the_battery_was_used(self) -> None:
        found = decoded(31, "8bf3dc7b 94389842780843")
        assert values_of(found) == {
            "device.battery.voltage/": 7.436,
            "device.battery.low/": False,
            "device.activity_count/trips": 115_872,
            "device.uptime/": 664 * 7 * 86_400,
        }
        assert found.attributes["statistics.energy_used_mwh"] == "5280"
        assert found.attributes["statistics.other_percent"] == "3.125"

    @pytest.mark.parametrize("flags, codes", [("01", ["battery_critical"]), ("02", [])])
    def test_tell_that_the_battery_is_low(self, flags: str, codes: list[str]) -> None:
        found = decoded(31, f"8bf3dc7b {flags} 389842780843")
        assert values_of(found)["device.battery.low/"] is True
        assert codes_of(found) == codes


class TestStart:
    @pytest.mark.parametrize(
        "resets, lifecycle", [("00", "startup"), ("01", "startup:power_on"), ("0a", "startup:watchdog,software")]
    )
    def test_has_its_causes(self, resets: str, lifecycle: str) -> None:
        assert values_of(decoded(30, f"010a6201 {resets} 0000 7a")) == {"device.lifecycle/": lifecycle}

    def test_tells_who_the_tracker_is_and_what_its_watchdog_saw(self) -> None:
        found = decoded(30, "010a6201 02 0301 7a")
        assert found.attributes == {
            "firmware": "1.10",
            "product": "98",
            "hardware": "1",
            "statistics.initial_battery_v": "7.404",
        }
        assert [(each.code, each.detail) for each in found.notices] == [("watchdog_reason", "259")]


class TestYabby:
    def test_has_heading_and_speed_in_one_byte(self) -> None:
        payload = Payload(bytes.fromhex("53ab783c 0421f98e 05 4a b3"), 1, 0)
        values = values_of(decode("digital_matter_yabby", payload))
        assert (values["motion.heading/"], values["motion.speed/"]) == (90.0, 45.0)
        assert (values["motion.moving/"], values["device.alarm/man_down"]) == (True, True)

    def test_has_no_messages_of_later_generations(self) -> None:
        with pytest.raises(Undecodable):
            decode("digital_matter_yabby", Payload(bytes(11), 4, 0))


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

    def test_oyster3_says_who_it_is_and_of_which_port_the_downlink_was(self) -> None:
        found = decoded(2, "d3010262010a")
        assert found.attributes == {"firmware": "1.2", "product": "98", "hardware": "1"}
        assert [each.detail for each in found.notices] == ["sequence 83 on port 10"]

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
            (30, "00" * 7, "payload_too_short"),
            (31, "00" * 10, "payload_too_short"),
            (33, "00" * 10, "payload_too_short"),
        ],
    )
    def test_what_the_tracker_never_sends_is_refused(self, f_port: int, hex_text: str, code: str) -> None:
        with pytest.raises(Undecodable) as caught:
            decoded(f_port, hex_text)
        assert caught.value.code == code
