"""Alpha-Omega KLAX reader for electricity meters."""

from itertools import pairwise
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.decoding import NO_CONTEXT, Context, Decoded, DeviceFacts, Payload, Undecodable
from domain.observation import Value, event_time
from tests.unit.domain.decoding.vectors import codes_of, decode, values_of

_S = 10**9
_QUARTER_S = 900
_NOON_S = 1_767_268_800
_HEAD = "004a0111"
"""Format 0, full battery, first message, first of one."""
_NEWER = "04450111"
"""Format 1."""


def payload(hex_text: str, f_port: int = 3, at_s: int = _NOON_S, registers: dict[str, str] | None = None) -> Payload:
    """Return a payload of the reader."""
    return Payload(bytes.fromhex(hex_text), f_port, at_s * _S, DeviceFacts(registers=registers or {}))


def history(*values: int, mask: int = 0x09, unit: int = 1) -> str:
    """Return a packet of format 0 with four values of the first filter that ``mask`` names."""
    return f"{_HEAD}01{mask:02x}{unit:02x}{pack('>8i', *values, *[0] * (8 - len(values))).hex()}"


def filtered(*values: float, filter_id: int = 0, unit: int = 1, valid: int = 0xF) -> str:
    """Return a packet of format 1 with four values of a filter."""
    return f"{_NEWER}01{unit << 4 | filter_id << 1 | 1:02x}{valid:02x}{pack('>4f', *values).hex()}"


def series(decoded: Decoded, at_s: int, name: str = "electricity.energy.active.import") -> dict[int, Value]:
    """Return the values of ``name`` by event time, seconds."""
    return {
        event_time(snapshot.device_ns, at_s * _S, snapshot.age_ns)[0] // _S: reading.value
        for snapshot in decoded.snapshots
        for reading in snapshot.readings
        if reading.measurand == name
    }


class TestPastValues:
    def test_stand_at_the_quarters_of_an_hour_before(self) -> None:
        found = series(decode("alphaomega_klax", payload(history(4, 3, 2, 1), at_s=_NOON_S + 100)), _NOON_S + 100)
        assert found == {_NOON_S - slot * _QUARTER_S: (4 - slot) * 10**4 for slot in range(4)}

    def test_may_be_wrong_by_an_interval(self) -> None:
        _, *past = decode("alphaomega_klax", payload(history(4, 3, 2, 1))).snapshots
        assert {snapshot.uncertainty_ns for snapshot in past} == {_QUARTER_S * _S}

    def test_sent_again_stand_at_the_same_time(self) -> None:
        first = series(decode("alphaomega_klax", payload(history(4, 3, 2, 1), at_s=_NOON_S + 10)), _NOON_S + 10)
        later_s = _NOON_S + 2 * _QUARTER_S + 25
        later = series(decode("alphaomega_klax", payload(history(6, 5, 4, 3), at_s=later_s)), later_s)
        assert {at: value for at, value in first.items() if at in later} == {
            at: value for at, value in later.items() if at in first
        }
        assert len(first | later) == 6

    def test_at_which_the_meter_was_not_read_are_left_out(self) -> None:
        found = series(decode("alphaomega_klax", payload(history(4, 0, 2, 0))), _NOON_S)
        assert found == {_NOON_S: 40_000, _NOON_S - 2 * _QUARTER_S: 20_000}

    def test_of_a_register_at_zero_are_zero(self) -> None:
        found = series(decode("alphaomega_klax", payload(history(0, 0, 0, 0))), _NOON_S)
        assert list(found.values()) == [0, 0, 0, 0]

    def test_may_be_there_though_the_newest_is_not(self) -> None:
        found = series(decode("alphaomega_klax", payload(history(0, 3, 2, 0, mask=0x01))), _NOON_S)
        assert found == {_NOON_S - _QUARTER_S: 30_000, _NOON_S - 2 * _QUARTER_S: 20_000}

    def test_behind_a_valid_zero_are_left_out_if_they_are_zero_too(self) -> None:
        found = series(decode("alphaomega_klax", payload(history(0, 3, 0, 1))), _NOON_S)
        assert found == {_NOON_S: 0, _NOON_S - _QUARTER_S: 30_000, _NOON_S - 3 * _QUARTER_S: 10_000}

    @pytest.mark.parametrize("mask", [0x08, 0x00])
    def test_of_a_filter_that_is_off_are_none(self, mask: int) -> None:
        assert len(decode("alphaomega_klax", payload(history(4, 3, 2, 1, mask=mask))).snapshots) == 1

    def test_below_zero_are_kept_for_others_to_judge(self) -> None:
        assert series(decode("alphaomega_klax", payload(history(-1, -1, -1, -1))), _NOON_S)[_NOON_S] == -10_000

    @given(st.lists(st.integers(1, 2**31 - 1), min_size=4, max_size=4), st.integers(0, 10**9))
    def test_are_never_in_the_future_and_an_interval_apart(self, values: list[int], at_s: int) -> None:
        found = series(decode("alphaomega_klax", payload(history(*values), at_s=_NOON_S + at_s)), _NOON_S + at_s)
        times = sorted(found)
        assert times[-1] <= _NOON_S + at_s < times[-1] + _QUARTER_S
        assert [later - earlier for earlier, later in pairwise(times)] == [_QUARTER_S] * 3


class TestNewerFormat:
    def test_has_a_flag_for_every_value(self) -> None:
        found = series(decode("alphaomega_klax", payload(filtered(4, 3, 2, 1, valid=0b0101))), _NOON_S)
        assert found == {_NOON_S: 40_000, _NOON_S - 2 * _QUARTER_S: 20_000}

    def test_keeps_the_digits_that_the_meter_had(self) -> None:
        found = series(decode("alphaomega_klax", payload(filtered(1234.5, 1234.4, 1234.3, 1234.2))), _NOON_S)
        assert list(found.values()) == [12_345_000, 12_344_000, 12_343_000, 12_342_000]

    def test_leaves_out_what_is_no_number(self) -> None:
        found = series(decode("alphaomega_klax", payload(filtered(4, float("nan"), 2, 1))), _NOON_S)
        assert list(found.values()) == [40_000, 20_000, 10_000]

    def test_notes_what_is_finer_than_a_register(self) -> None:
        decoded = decode("alphaomega_klax", payload(filtered(0.00001, 3, 2, 1)))
        assert len(series(decoded, _NOON_S)) == 3
        assert [(each.code, each.detail) for each in decoded.notices] == [("value_unknown", "filter 0 unit 1: 1e-5")]

    def test_counts_its_battery_in_fifths(self) -> None:
        assert values_of(decode("alphaomega_klax", payload("04430111")))["device.battery.level/"] == 60.0

    def test_has_gauges_too(self) -> None:
        decoded = decode(
            "alphaomega_klax", payload(filtered(-12.5, 1, 1, 1, unit=2), registers={"0": "electricity.power.active"})
        )
        assert series(decoded, _NOON_S, "electricity.power.active")[_NOON_S] == -12.5


class TestPresentValues:
    @pytest.mark.parametrize(
        "packet",
        [f"{_HEAD}02331100{pack('>4i', 7, 5, 9, 9).hex()}", f"{_NEWER}02331100{pack('>4f', 7, 5, 9, 9).hex()}"],
    )
    def test_are_those_of_the_filters_that_are_set(self, packet: str) -> None:
        (now,) = decode("alphaomega_klax", payload(packet)).snapshots
        assert {(each.measurand, each.value) for each in now.readings if each.measurand.startswith("electricity")} == {
            ("electricity.energy.active.import", 70_000),
            ("electricity.energy.active.export", 50_000),
        }

    def test_that_are_not_valid_are_left_out(self) -> None:
        packet = f"{_HEAD}02030100{pack('>4i', 0, 0, 0, 0).hex()}"
        assert list(values_of(decode("alphaomega_klax", payload(packet)))) == [
            "device.battery.level/",
            "device.message_count/up",
        ]

    def test_are_no_second_value_for_the_newest_slot(self) -> None:
        packet = history(4, 3, 2, 1) + f"02110100{pack('>4i', 4, 0, 0, 0).hex()}"
        assert len(series(decode("alphaomega_klax", payload(packet)), _NOON_S)) == 4


class TestFilters:
    def test_are_those_of_delivery_unless_somebody_says_otherwise(self) -> None:
        decoded = decode("alphaomega_klax", payload(history(4, 3, 2, 1, mask=0x0B)))
        assert list(series(decoded, _NOON_S, "electricity.energy.active.export").values()) == [
            40_000,
            30_000,
            20_000,
            10_000,
        ]

    def test_for_which_there_is_no_measurand_are_noted(self) -> None:
        decoded = decode("alphaomega_klax", payload(history(4, 3, 2, 1, mask=0x0D)))
        assert [(each.code, each.detail) for each in decoded.notices] == [
            ("value_unknown", "filter 2 unit 1: 4e0, 3e0, 2e0, 1e0")
        ]

    def test_are_remembered_when_the_reader_names_them(self) -> None:
        set_up = decode("alphaomega_klax", payload("004a0f010802020800100700010801", 104))
        assert set_up.attributes["config.filter.0"] == "1.8.2"
        decoded = decode("alphaomega_klax", payload(history(4, 3, 2, 1)), set_up.context)
        assert "electricity.energy.active.import/t2" in values_of(decoded)
        assert decoded.context == set_up.context

    def test_that_are_off_say_so(self) -> None:
        decoded = decode("alphaomega_klax", payload("004a01010802020800100700010801", 104))
        assert decoded.attributes["config.filter.1"] == "2.8.0 (off)"

    @pytest.mark.parametrize(
        "name, key",
        [
            ("electricity.energy.active.export", "electricity.energy.active.export/"),
            ("electricity.energy.active.import/t1", "electricity.energy.active.import/t1"),
        ],
    )
    def test_are_what_the_registry_says_before_all_others(self, name: str, key: str) -> None:
        context = Context(settings={"filter.0": "1.8.2"})
        decoded = decode("alphaomega_klax", payload(history(4, 3, 2, 1), registers={"0": name}), context)
        assert key in values_of(decoded)

    @pytest.mark.parametrize("own_name", ["0", "1.8.2", "1-0:1.8.2"])
    def test_are_named_in_the_registry_by_number_or_code(self, own_name: str) -> None:
        context = Context(settings={"filter.0": "1.8.2"})
        registers = {own_name: "electricity.energy.active.import"}
        decoded = decode("alphaomega_klax", payload(history(4, 3, 2, 1), registers=registers), context)
        assert "electricity.energy.active.import/t2" in values_of(decoded)

    @pytest.mark.parametrize("name", ["electricity", "electricity.energy.active.import/x", "lamp.on", "water.volume"])
    def test_that_the_registry_misnames_are_noted(self, name: str) -> None:
        decoded = decode("alphaomega_klax", payload(history(4, 3, 2, 1), registers={"0": name}))
        assert codes_of(decoded) == ["value_unknown"]

    def test_two_for_the_same_are_one_value_and_a_note(self) -> None:
        packet = history(4, 3, 2, 1, mask=0x99, unit=0x11)
        decoded = decode("alphaomega_klax", payload(packet))
        assert len(series(decoded, _NOON_S)) == 4
        assert codes_of(decoded) == ["value_unknown"]

    def test_of_another_unit_than_their_measurand_are_noted(self) -> None:
        assert codes_of(decode("alphaomega_klax", payload(history(4, 3, 2, 1, unit=2)))) == ["value_unknown"]

    def test_without_a_unit_are_kept_and_flagged(self) -> None:
        decoded = decode("alphaomega_klax", payload(history(4, 3, 2, 1, unit=0)))
        assert [reading.quality for snapshot in decoded.snapshots[1:] for reading in snapshot.readings] == [
            "unit_unknown"
        ] * 4


class TestSettings:
    def test_an_interval_dates_the_values_that_follow(self) -> None:
        context = decode("alphaomega_klax", payload("0045003c", 100)).context
        decoded = decode("alphaomega_klax", payload(history(4, 3, 2, 1)), context)
        assert sorted(series(decoded, _NOON_S)) == [_NOON_S - hours * 3600 for hours in (3, 2, 1, 0)]

    def test_one_setting_leaves_the_others(self) -> None:
        context = decode("alphaomega_klax", payload("0045003c", 100)).context
        context = decode("alphaomega_klax", payload("00490f010802020800100700010801", 104), context).context
        context = decode("alphaomega_klax", payload("00490103", 101), context).context
        assert context.settings["interval_min"] == "60"
        assert context.settings["filter.0"] == "1.8.2"

    def test_a_reader_on_modbus_tells_how_it_asks(self) -> None:
        decoded = decode(
            "alphaomega_klax", payload("0545012580 10 23 31 0001 0002 01 000a32 000b32 000c32 000d32", 105)
        )
        assert decoded.attributes == {
            "meter.interface": "Modbus RTU",
            "config.modbus.address": "1",
            "config.modbus.baud": "9600",
            "config.modbus.mode": "RTU",
            "config.modbus.parity": "odd",
            "config.modbus.retries": "3",
            "config.modbus.timeout_ms": "200",
            "config.modbus.write": "2 to 1, 300 ms before",
            "config.filter.0": "holding registers 10 INT32",
            "config.filter.1": "holding registers 11 INT32 (off)",
            "config.filter.2": "holding registers 12 INT32 (off)",
            "config.filter.3": "holding registers 13 INT32 (off)",
        }


class TestModbus:
    @pytest.mark.parametrize(
        "section, detail",
        [
            ("04 11 0f 0001 fffe 0003 0004", "filter 0 INT16: 1, -2, 3, 4"),
            ("05 33 0d 00000001 00000002 00000003 00000004", "filter 1 INT32: 1, -, 3, 4"),
            (f"06 05 0f {pack('>4d', 1, 2, 3, 4.5).hex()}", "filter 2 DOUBLE: 1.0, 2.0, 3.0, 4.5"),
        ],
    )
    def test_values_are_noted_for_what_they_count_only_the_user_knows(self, section: str, detail: str) -> None:
        decoded = decode("alphaomega_klax", payload(f"05450111 {section}"))
        assert [(each.code, each.detail) for each in decoded.notices] == [("modbus_values", detail)]

    def test_the_state_of_its_filters_is_noted(self) -> None:
        decoded = decode("alphaomega_klax", payload("05450111 0713"))
        assert [(each.code, each.detail) for each in decoded.notices] == [("modbus_filters", "0: valid, 1: invalid")]


def test_a_meter_without_a_server_id_has_a_number() -> None:
    assert values_of(decode("alphaomega_klax", payload(f"{_NEWER} 0800bc614e")))["meter.identity/"] == "12345678"


def test_a_server_id_counts_before_a_number() -> None:
    values = values_of(decode("alphaomega_klax", payload(f"{_NEWER} 030901454d4800006efd0f 0800bc614e")))
    assert values["meter.identity/"] == "0901454d4800006efd0f"


def test_a_meter_has_one_identity_however_often_a_packet_names_one() -> None:
    found = decode("alphaomega_klax", payload(f"{_HEAD}03{'0a' * 10}03{'0b' * 10}08{'00' * 4}"))
    assert [each.value for each in found.snapshots[0].readings if each.measurand == "meter.identity"] == ["0a" * 10]


def test_a_reader_that_was_never_set_up_says_so() -> None:
    assert codes_of(decode("alphaomega_klax", payload("008a0111"))) == ["connection_test", "registers_not_configured"]


@pytest.mark.parametrize("tail", ["09", "0175001337", "03"])
def test_a_section_that_is_unknown_or_cut_ends_the_packet(tail: str) -> None:
    decoded = decode("alphaomega_klax", payload(history(4, 3, 2, 1) + tail))
    assert len(series(decoded, _NOON_S)) == 4
    assert [(each.code, each.detail) for each in decoded.notices] == [("section_unknown", tail)]


def test_pieces_of_another_codec_are_not_kept() -> None:
    assert decode("alphaomega_klax", payload(_HEAD), NO_CONTEXT).context == NO_CONTEXT


@pytest.mark.parametrize(
    "f_port, hex_text, code",
    [
        (3, "004a01", "payload_too_short"),
        (3, "024a0111", "payload_malformed"),
        (100, "0045", "payload_too_short"),
        (100, "00450000", "payload_malformed"),
        (100, "0045000f00", "payload_too_long"),
        (101, "004500", "payload_too_short"),
        (103, "0045011101", "payload_too_long"),
        (104, "00450f", "payload_too_short"),
        (105, "0545", "payload_too_short"),
        (102, "0045", "f_port_unknown"),
    ],
)
def test_what_the_reader_never_sends_is_refused(f_port: int, hex_text: str, code: str) -> None:
    with pytest.raises(Undecodable) as caught:
        decode("alphaomega_klax", payload(hex_text, f_port))
    assert caught.value.code == code
