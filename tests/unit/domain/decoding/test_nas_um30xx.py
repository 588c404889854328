"""NAS UM30xx radio modules."""

import pytest

from domain.decoding import Decoded, Payload, Undecodable
from domain.decoding.codecs.nas_um30xx.reading_age import reading_age
from domain.observation import Value
from tests.unit.domain.decoding.vectors import codes_of, decode, readings_of, values_of

_S = 1_000_000_000


def decoded(f_port: int, hex_text: str) -> Decoded:
    """Decode a packet of the module."""
    return decode("nas_um30xx", Payload(bytes.fromhex(hex_text), f_port, 0))


def usage(interfaces: str, *blocks: str, age: str = "00") -> Decoded:
    """Decode a usage packet with what its interfaces say."""
    return decoded(25, f"0200{age}{interfaces}{''.join(blocks)}")


class TestReadingAge:
    @pytest.mark.parametrize(
        "code, seconds",
        [
            (0, 0),
            (59, 59 * 60),
            (60, 0),
            (67, 105 * 60),
            (155, 95 * 900),
            (156, 0),
            (199, 43 * 86_400),
            (200, 0),
            (252, 52 * 7 * 86_400),
            (253, 365 * 86_400),
        ],
    )
    def test_its_code_grows_coarser_with_age(self, code: int, seconds: int) -> None:
        age = reading_age(code)
        assert age is not None
        assert age.seconds == seconds

    @pytest.mark.parametrize("code", [254, 255])
    def test_it_may_be_unknown(self, code: int) -> None:
        assert reading_age(code) is None
        assert "meter.reading_age/" not in values_of(usage("01", "2001000000", age=f"{code:02x}"))

    @pytest.mark.parametrize(
        "code, seconds", [(1, 60), (61, 900), (157, 86_400), (201, 7 * 86_400), (253, 365 * 86_400)]
    )
    def test_it_is_as_uncertain_as_its_step(self, code: int, seconds: int) -> None:
        _, meters = usage("01", "2001000000", age=f"{code:02x}").snapshots
        assert meters.uncertainty_ns == seconds * _S

    def test_it_moves_the_meters_back_and_not_the_module(self) -> None:
        module, meters = usage("01", "2001000000", age="05").snapshots
        assert (module.age_ns, meters.age_ns) == (0, 300 * _S)
        assert {reading.measurand for reading in meters.readings} == {
            *("water.volume", "meter.pulse_count", "device.switch"),
        }

    def test_a_fresh_reading_is_of_the_same_instant_as_the_module(self) -> None:
        assert len(usage("01", "2001000000").snapshots) == 1


class TestPulseInput:
    @pytest.mark.parametrize(
        "head, name, value",
        [
            ("00", "meter.pulse_count/pulse1", 7),
            ("14", "meter.pulse_count/pulse1", 70),
            ("20", "water.volume/pulse1", 7_000),
            ("2c", "water.volume/pulse1", 7_000_000),
            ("34", "electricity.energy.active.import/pulse1", 700_000),
            ("48", "gas.volume/pulse1", 700_000),
        ],
    )
    def test_counts_in_the_unit_it_was_set_up_for(self, head: str, name: str, value: int) -> None:
        assert values_of(usage("01", f"{head}07000000"))[name] == value

    def test_keeps_the_number_sent_beside_the_register(self) -> None:
        assert values_of(usage("01", "2c07000000"))["meter.pulse_count/pulse1"] == 7

    def test_the_greatest_count_is_still_exact(self) -> None:
        assert values_of(usage("02", "3cffffffff"))["electricity.energy.active.import/pulse2"] == 4_294_967_295 * 10**7

    def test_an_unknown_serial_number_is_no_identity(self) -> None:
        assert "meter.identity/pulse1" not in values_of(usage("01", "2207000000ffffffff"))

    def test_an_unknown_medium_is_refused(self) -> None:
        with pytest.raises(Undecodable) as caught:
            usage("01", "5007000000")
        assert caught.value.code == "payload_malformed"


class TestSensors:
    def test_instantaneous_and_averaged_values_have_channels(self) -> None:
        values = values_of(usage("10", "01", "0f", "0000803f", "00000040", "0000a841", "0000b041"))
        assert {name: value for name, value in values.items() if name.startswith("water")} == {
            "water.pressure/": 1.0,
            "water.pressure/avg": 2.0,
            "water.temperature/": 21.0,
            "water.temperature/avg": 22.0,
        }

    def test_what_is_no_number_is_no_reading(self) -> None:
        found = usage("10", "01", "01", "0000c07f")
        assert "water.pressure/" not in values_of(found)
        assert codes_of(found) == ["sensor_value_unknown"]

    def test_a_disconnected_sensor_has_no_values(self) -> None:
        assert codes_of(usage("10", "00", "00")) == ["sensor_disconnected"]

    def test_the_values_of_an_unknown_sensor_are_only_noted(self) -> None:
        assert codes_of(usage("10", "02", "01", "0000803f")) == ["sensor_value_unknown"]


class TestMbus:
    @pytest.mark.parametrize(
        "status, is_connected, notice",
        [
            ("00", True, None),
            ("01", None, "nothing_requested"),
            ("02", False, "bus_unpowered"),
            ("03", False, "no_response"),
            ("05", True, "crc_or_length_error"),
            ("06", True, "parse_error"),
            ("07", False, "bus_shorted"),
            ("0a", None, "0xa"),
        ],
    )
    def test_the_bus_tells_whether_the_meter_is_there(
        self, status: str, is_connected: bool | None, notice: str | None
    ) -> None:
        found = usage("20", status)
        assert values_of(found).get("meter.connected/mbus") is is_connected
        assert [each.detail for each in found.notices] == ([notice] if notice else [])

    @pytest.mark.parametrize(
        "medium, records, values",
        [
            ("07", "0c1378563412", {"water.volume/mbus": 12_345_678 * 1_000}),
            ("16", "0c1478563412", {"water.volume/mbus": 12_345_678 * 10_000}),
            ("06", "0c1078563412", {"water.volume/mbus": 12_345_678}),
            ("03", "0c1678563412", {"gas.volume/mbus": 12_345_678 * 10**6}),
            ("02", "040378563412", {"electricity.energy.active.import/mbus": 0x12345678 * 10_000}),
            ("02", "8410036f000000", {"electricity.energy.active.import/mbus.t1": 111 * 10_000}),
            ("04", "0c0678563412", {"heat.energy/mbus": 12_345_678 * 1_000 * 3_600}),
            ("04", "0c0f78563412", {"heat.energy/mbus": 12_345_678 * 10**7}),
            ("04", "0c0078563412", {}),  # 3.6 J a step: no whole number of joules
            ("04", "0a5a3412", {"heat.temperature/mbus.flow": 123.4}),
            ("0c", "0a5e3412", {"heat.temperature/mbus.return": 123.4}),
            ("07", "0a3b3412", {"water.flow/mbus": 1_234.0}),
            ("02", "052b0000c03f", {"electricity.power.active/mbus": 1.5}),
            ("07", "0c7878563412", {"meter.identity/mbus": "12345678"}),
        ],
    )
    def test_the_medium_tells_what_a_value_measures(self, medium: str, records: str, values: dict[str, Value]) -> None:
        found = usage("20", "40", "333802", medium, records)
        known = {name: value for name, value in values_of(found).items() if "/mbus" in name}
        del known["meter.connected/mbus"]
        assert known == values

    def test_without_a_medium_a_volume_is_no_register(self) -> None:
        found = usage("20", "00", "0c1378563412")
        assert "water.volume/mbus" not in values_of(found)
        assert [(each.code, each.detail) for each in found.notices] == [("mbus_records_raw", "0c1378563412")]

    def test_its_own_age_dates_its_values(self) -> None:
        _, meter = usage("20", "40", "33380207", "0274100e", "0c1378563412").snapshots
        assert meter.age_ns == 3_600 * _S
        assert [reading.measurand for reading in meter.readings] == ["water.volume"]

    @pytest.mark.parametrize("age", ["0777ffffffffffffff7f", "0277 9201", "0174 ff", "057400000040"])
    def test_values_of_an_impossible_age_are_of_no_known_time(self, age: str) -> None:
        (module,) = usage("20", "40", "33380207", age, "0c1378563412").snapshots
        assert {reading.measurand for reading in module.readings}.isdisjoint({"water.volume"})
        assert "meter.reading_age/mbus" not in {f"{each.measurand}/{each.channel}" for each in module.readings}

    @pytest.mark.parametrize("records", ["0c1378563412 0c1300000000", "0c1378563412 02130000"])
    def test_of_two_values_for_one_thing_the_first_counts(self, records: str) -> None:
        found = usage("20", "40", "33380207", records)
        assert [each.value for each in readings_of(found) if each.measurand == "water.volume"] == [12_345_678_000]
        assert codes_of(found) == ["mbus_records_raw"]

    def test_the_serial_number_of_the_header_counts_before_that_of_a_record(self) -> None:
        for age in ("", "0274100e"):
            found = usage("20", "60", "00", "78563412", "33380207", age, "0c7821436587")
            assert [each.value for each in readings_of(found) if each.measurand == "meter.identity"] == ["12345678"]
            assert codes_of(found) == ["mbus_records_raw"]

    def test_no_meter_has_a_thousand_tariffs(self) -> None:
        found = usage("20", "40", "33380207", "8cb0b0b0b01378563412")
        assert "mbus_records_raw" in codes_of(found)
        assert "water.volume" not in {each.measurand for each in readings_of(found)}

    def test_records_may_be_cut_off(self) -> None:
        found = usage("20", "10", "0c1378")
        assert codes_of(found) == ["mbus_records_truncated", "mbus_records_raw"]

    def test_values_of_the_past_are_not_taken_for_the_present(self) -> None:
        found = usage("20", "40", "33380207", "4c1378563412")
        assert "water.volume/mbus" not in values_of(found)
        assert codes_of(found) == ["mbus_records_raw"]


class TestOtherPackets:
    def test_a_module_may_stop_with_a_last_reading_that_is_fresh(self) -> None:
        (only,) = decoded(99, "0132 02 00 00 01 2001000000".replace(" ", "")).snapshots
        assert only.readings[0].value == "shutdown:enter_dfu"

    def test_an_unknown_main_interface_leaves_the_pulses_readable(self) -> None:
        found = usage("05", "2001000000", "abcd")
        assert values_of(found)["water.volume/pulse1"] == 1_000
        assert codes_of(found) == ["interface_unknown"]

    def test_a_place_that_is_none_is_no_position(self) -> None:
        for place in ("0000000000000000", "ffffff7f00000000"):
            found = decoded(50, f"2101{place}")
            assert readings_of(found) == []
            assert codes_of(found) == ["position_implausible"]

    def test_settings_without_a_name_are_reported_by_number(self) -> None:
        assert decoded(50, "120199").attributes == {"config.lorawan_profile": "0x99"}

    def test_a_clock_that_was_never_set_is_noted(self) -> None:
        assert codes_of(decoded(60, "0300000000")) == ["local_time_invalid"]

    def test_more_records_may_follow(self) -> None:
        assert decoded(61, "81090c13").notices[0].detail == "packet 1, more follow: 0C13"

    @pytest.mark.parametrize(
        "f_port, hex_text, code",
        [
            (24, "02000000", "packet_type_unknown"),
            (25, "82000000", "packet_type_unknown"),
            (25, "", "payload_too_short"),
            (25, "020000", "payload_too_short"),
            (25, "0200000100200700", "payload_too_short"),
            (25, "02000000ff", "payload_too_long"),
            (49, "1200", "payload_too_long"),
            (49, "13", "packet_type_unknown"),
            (50, "12", "payload_too_short"),
            (50, "13", "packet_type_unknown"),
            (50, "14bb", "payload_malformed"),
            (50, "210402c328", "payload_malformed"),
            (50, "210405c3", "payload_too_short"),
            (60, "8100", "payload_too_long"),
            (60, "0334546a", "payload_too_short"),
            (60, "04", "packet_type_unknown"),
            (61, "82", "packet_type_unknown"),
            (99, "02", "packet_type_unknown"),
            (99, "0133", "payload_too_short"),
            (99, "013303", "packet_type_unknown"),
            (26, "02", "f_port_unknown"),
        ],
    )
    def test_what_this_firmware_never_sends_is_refused(self, f_port: int, hex_text: str, code: str) -> None:
        with pytest.raises(Undecodable) as caught:
            decoded(f_port, hex_text)
        assert caught.value.code == code
