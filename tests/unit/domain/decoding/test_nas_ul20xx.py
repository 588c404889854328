"""NAS UL20xx luminaire controllers, of either firmware."""

import pytest

from domain.decoding import DECODERS, Decoded, Payload, Undecodable
from domain.observation import Position
from tests.unit.domain.decoding.vectors import codes_of, decode, readings_of, values_of

_S = 1_000_000_000
_STATUS = "dfd41d5e004b041500"
"""Of firmware 1.0: a clock that is set, all well, no light sensor, no profile."""


def decoded(f_port: int, hex_text: str, codec: str = "nas_ul20xx_1_0") -> Decoded:
    """Decode a packet of the controller."""
    return decode(codec, Payload(bytes.fromhex(hex_text), f_port, 0))


def decoded_1_1(f_port: int, hex_text: str) -> Decoded:
    """Decode a packet of firmware 1.1."""
    return decoded(f_port, hex_text, "nas_ul20xx_1_1")


class TestFirmware:
    @pytest.mark.parametrize(
        "firmware, codec",
        [
            *(("1.0", "nas_ul20xx_1_0"), ("1.0.22", "nas_ul20xx_1_0")),
            *(("1.1", "nas_ul20xx_1_1"), ("1.1.4", "nas_ul20xx_1_1")),
            *(("", "nas_ul20xx"), ("2.0.0", "nas_ul20xx"), ("1.10.0", "nas_ul20xx")),
        ],
    )
    def test_chooses_the_codec(self, firmware: str, codec: str) -> None:
        found = DECODERS.of("nas_ul20xx", firmware, 0)
        assert found is not None
        assert found.name == codec

    @pytest.mark.parametrize(
        "f_port, hex_text, codec", [(24, _STATUS, "nas_ul20xx_1_1"), (26, "00ff0300000000000a", "nas_ul20xx_1_0")]
    )
    def test_1_0_and_1_1_have_ports_of_their_own(self, f_port: int, hex_text: str, codec: str) -> None:
        with pytest.raises(Undecodable) as caught:
            decoded(f_port, hex_text, codec)
        assert caught.value.code == "f_port_unknown"

    def test_a_lamp_of_unknown_firmware_is_read_by_what_it_sends(self) -> None:
        old = decoded(24, _STATUS, "nas_ul20xx")
        new = decoded(23, "018eb28266200047071a000201defe210000", "nas_ul20xx")
        assert values_of(old)["device.temperature/"] == 21.0
        assert values_of(new)["device.temperature/"] == 26.0


class TestUsage:
    @pytest.mark.parametrize(
        "address, channel",
        [("00", "dali0"), ("7e", "dali63"), ("80", "dali_group0"), ("9e", "dali_group15"), ("fe", "dali_all")],
    )
    def test_an_address_is_a_channel(self, address: str, channel: str) -> None:
        assert values_of(decoded(25, f"{address}020700")) == {f"electricity.power.active/{channel}": 7.0}

    def test_the_controllers_own_measurement_has_its_channel(self) -> None:
        assert values_of(decoded(25, "ff01ffffffff")) == {
            "electricity.energy.active.import/internal": 4_294_967_295 * 10_000
        }

    def test_the_analog_output_has_its_channel(self) -> None:
        assert values_of(decoded(25, "01020700")) == {"electricity.power.active/analog": 7.0}

    @pytest.mark.parametrize("address", ["03", "7f", "a0", "fd"])
    def test_what_nobody_has_as_address_is_no_channel_and_no_register(self, address: str) -> None:
        found = decoded(25, f"{address}0105000000ff020700")
        assert values_of(found) == {"electricity.power.active/internal": 7.0}
        assert [(each.code, each.detail) for each in found.notices] == [("address_invalid", f"0x{address}: energy 5")]

    def test_an_unknown_power_factor_is_none(self) -> None:
        assert values_of(decoded(25, "0430ffe6")) == {"electricity.voltage/dali2": 230.0}

    def test_seconds_are_not_rounded_to_hours(self) -> None:
        assert values_of(decoded(25, "04c070de060011000000")) == {
            "lamp.driver.on_time/dali2": 450_160,
            "lamp.on_time/dali2": 17,
        }

    def test_two_usages_of_one_driver_are_refused(self) -> None:
        with pytest.raises(Undecodable) as caught:
            decoded(25, "0402070004020800")
        assert caught.value.code == "payload_malformed"


class TestStatus:
    def test_a_clock_that_is_set_dates_it(self) -> None:
        [snapshot] = decoded(24, _STATUS).snapshots
        assert snapshot.device_ns == 0x5E1DD4DF * _S

    def test_a_clock_that_was_never_set_dates_nothing(self) -> None:
        [snapshot] = decoded(24, "438e6d38004b041500").snapshots
        assert snapshot.device_ns is None
        assert snapshot.readings[0].value is False

    @pytest.mark.parametrize(
        "bits, measurand, value, code",
        [
            ("01", "lamp.fault/bus", True, "dali_error_external"),
            ("02", "lamp.fault/bus", True, "dali_connection_error"),
            ("20", "lamp.fault/controller", True, "hardware_error"),
            ("04", "device.switch/ldr", True, None),
            ("10", "device.switch/dig", True, None),
            ("80", "device.switch/relay", True, None),
        ],
    )
    def test_its_bits_are_faults_and_switches(self, bits: str, measurand: str, value: bool, code: str | None) -> None:
        found = decoded(24, f"dfd41d5e{bits}4b041500")
        assert values_of(found)[measurand] is value
        assert codes_of(found) == ([code] if code else [])

    @pytest.mark.parametrize(
        "bits, measurand, value",
        [
            ("10", "electricity.alarm/voltage.latched", "outside"),
            ("20", "lamp.fault/lamp.latched", True),
            ("40", "electricity.alarm/power.latched", "outside"),
            ("80", "electricity.alarm/power_factor.latched", "under"),
        ],
    )
    def test_an_alert_of_the_day_is_latched_and_not_the_present_state(
        self, bits: str, measurand: str, value: object
    ) -> None:
        values = values_of(decoded(24, f"dfd41d5e004b0415{bits}"))
        assert values[measurand] == value
        assert "lamp.fault/lamp" not in values
        assert "electricity.alarm/voltage" not in values

    def test_a_level_is_that_of_the_profile_or_of_what_overrides_it(self) -> None:
        found = decoded(24, f"{_STATUS} 05050aff32 03fd06ff00")
        assert {name: value for name, value in values_of(found).items() if name.startswith("lamp.dim")} == {
            "lamp.dim_level/dali5": 50.0,
            "lamp.dim_level/dali3": 0.0,
        }
        assert [each.detail for each in found.notices] == ["dali3: manual_active"]

    def test_all_devices_are_the_lamp_itself(self) -> None:
        assert values_of(decoded(24, f"{_STATUS} 0505ffff32"))["lamp.dim_level/"] == 50.0

    def test_a_level_that_resumes_is_none(self) -> None:
        assert "lamp.dim_level/dali5" not in values_of(decoded(24, f"{_STATUS} 05050affff"))

    def test_of_two_levels_for_one_lamp_the_first_counts(self) -> None:
        found = decoded(24, f"{_STATUS} 05050aff32 06060aff1e")
        assert values_of(found)["lamp.dim_level/dali5"] == 50.0
        assert codes_of(found) == ["address_repeated"]


class TestStatusOfFirmware11:
    def test_a_driver_that_says_nothing_of_itself_has_no_status(self) -> None:
        values = values_of(decoded_1_1(23, "00f6e5853800340718000ef5ffff"))
        assert not [name for name in values if "dali7" in name]

    def test_sensors_to_come_are_passed_over(self) -> None:
        found = decoded_1_1(23, "01f37f205e8244320916200421aabbccfe501900")
        assert codes_of(found) == ["dali_connection_error", "sensor_unknown", "dimming_reason"]
        assert values_of(found)["lamp.dim_level/dali_all"] == 25.0

    @pytest.mark.parametrize(
        "sensor, text",
        [("029455", "299.9 lx"), ("0294d5", "299.9 lx"), ("02ffff", "unavailable"), ("020000", "0.001 lx")],
    )
    def test_light_is_told_in_lux(self, sensor: str, text: str) -> None:
        found = decoded_1_1(23, f"01 f37f205e 0040 320916 20 03 {sensor}")
        assert [each.detail for each in found.notices if each.code == "light_level"] == [text]

    def test_a_tilt_is_the_poles(self) -> None:
        values = values_of(decoded_1_1(23, "01 f37f205e 0040 320916 20 02 082d"))
        assert values["motion.tilt/"] == 45.0

    def test_a_kind_to_come_is_refused(self) -> None:
        with pytest.raises(Undecodable):
            decoded_1_1(23, "02 f37f205e 0040 320916 20 00")


class TestDriverStatus:
    def test_a_driver_that_was_without_power_is_no_fault(self) -> None:
        values = values_of(decoded(61, "83200284"))
        assert values == {
            "lamp.fault/driver.dali1": False,
            "lamp.fault/lamp.dali1": False,
            "lamp.on/dali1": True,
            "device.status_word/dali1": 0x84,
        }

    def test_an_unknown_status_is_none(self) -> None:
        assert readings_of(decoded(61, "832002ff")) == []


class TestAlerts:
    @pytest.mark.parametrize(
        "flags, measurand, value",
        [
            ("01", "lamp.fault/lamp", True),
            ("02", "electricity.alarm/current", "over"),
            ("04", "electricity.alarm/voltage", "under"),
            ("08", "electricity.alarm/voltage", "over"),
            ("0c", "electricity.alarm/voltage", "outside"),
            ("10", "electricity.alarm/power_factor", "under"),
        ],
    )
    def test_the_meter_tells_what_is_wrong_now(self, flags: str, measurand: str, value: object) -> None:
        values = values_of(decoded(61, f"84{flags}5900e50056"))
        assert values[measurand] == value
        assert "lamp.fault/lamp.latched" not in values

    def test_a_longer_digital_input_tells_its_state(self) -> None:
        assert values_of(decoded(61, "804106000000")) == {"device.switch/dig": True, "device.activity_count/dig": 6}

    def test_a_place_is_of_the_time_it_was_found(self) -> None:
        [snapshot] = decoded_1_1(61, "8600 cdcc4042 cdcc2041 f37f205e").snapshots
        assert snapshot.device_ns == 0x5E207FF3 * _S
        assert snapshot.readings[0].value == Position(482_000_008, 100_500_002)

    @pytest.mark.parametrize(
        "place", ["0000000000000000f37f205e", "cdcc4042cdcc204100000000", "0000c07f00000000f37f205e"]
    )
    def test_a_place_that_is_none_is_no_position(self, place: str) -> None:
        found = decoded_1_1(61, f"8600{place}")
        assert readings_of(found) == []
        assert codes_of(found) == ["position_implausible"]

    def test_no_fix_is_told(self) -> None:
        assert values_of(decoded_1_1(61, "8601")) == {"position.fix/": False}


class TestSettings:
    def test_the_place_for_sunrise_is_rounded_and_says_so(self) -> None:
        [reading] = readings_of(decoded(50, "06e21e9619b309"))
        assert reading.value == Position(655_000_000, 248_300_000, "configured", accuracy_m=790.0)

    def test_a_place_that_was_cleared_is_no_position(self) -> None:
        found = decoded(50, "06ffff00000000")
        assert readings_of(found) == []
        assert found.attributes["config.calendar.sunrise_offset_min"] == "disabled"

    def test_several_settings_may_come_in_one_packet(self) -> None:
        found = decoded_1_1(50, "fe 07100e0000 2564 220e")
        assert found.attributes == {
            "config.status_interval_s": "3600",
            "config.fallback_dim_percent": "100",
            "config.fade_duration_s": "64",
        }

    @pytest.mark.parametrize(
        "hex_text",
        [
            *("059901", "0c0d01", "0c0120", "2704", "2b02", "2210", "5205", "ff05", "fefe", "fe99"),
            *("1602000000000000000000", "0e0410", "29020e3cfe0000c07f3c", "130205c3", "130202c328"),
        ],
    )
    def test_what_cannot_be_is_refused(self, hex_text: str) -> None:
        with pytest.raises(Undecodable):
            decoded(50, hex_text, "nas_ul20xx")


class TestOtherPackets:
    def test_a_start_without_a_cause_is_noted(self) -> None:
        found = decoded(99, "000d008350010001f37f205e000cfe01")
        assert "device.lifecycle/" not in values_of(found)
        assert codes_of(found) == ["startup"]

    def test_a_bus_that_fails_at_the_start_is_a_fault(self) -> None:
        values = values_of(decoded(99, "000d008350010001f37f205e000c7f0100"))
        assert (values["lamp.fault/bus"], values["device.lifecycle/"]) == (True, "startup")

    def test_a_command_for_some_minutes_is_commanded(self) -> None:
        found = decoded(60, "09fe640f")
        assert values_of(found) == {"lamp.dim_level.commanded/dali_all": 100.0}
        assert [each.detail for each in found.notices] == ["dali_all for 15 min"]

    def test_a_lamp_that_resumes_has_no_commanded_level(self) -> None:
        found = decoded(60, "0104ff")
        assert (readings_of(found), codes_of(found)) == ([], ["dimming_resumed"])

    @pytest.mark.parametrize("hex_text, values", [("0601ff02ff03ff0402", {"relay": False, "open_drain": True})])
    def test_an_interface_that_is_not_there_has_no_state(self, hex_text: str, values: dict[str, bool]) -> None:
        assert values_of(decoded(60, hex_text)) == {f"device.switch/{name}": on for name, on in values.items()}

    @pytest.mark.parametrize(
        "f_port, hex_text, code",
        [
            (24, "dfd41d5e", "payload_too_short"),
            (25, "", "payload_too_short"),
            (25, "04", "payload_too_short"),
            (49, "99", "packet_type_unknown"),
            (49, "0100", "payload_too_long"),
            (50, "", "payload_too_short"),
            (50, "0700", "payload_too_short"),
            (50, "070000000000", "payload_too_long"),
            (51, "01", "packet_type_unknown"),
            (60, "99", "packet_type_unknown"),
            (61, "803000", "payload_malformed"),
            (61, "8130", "payload_malformed"),
            (99, "01", "packet_type_unknown"),
            (1, "00", "f_port_unknown"),
        ],
    )
    def test_what_this_firmware_never_sends_is_refused(self, f_port: int, hex_text: str, code: str) -> None:
        with pytest.raises(Undecodable) as caught:
            decoded(f_port, hex_text)
        assert caught.value.code == code
