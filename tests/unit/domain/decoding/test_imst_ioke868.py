"""IMST iOKE868 reader of electricity meters: fields, objects, status."""

import pytest

from domain.decoding import Decoded, Payload, Undecodable
from domain.rfc3339 import NS_PER_S
from tests.unit.domain.decoding.vectors import codes_of, decode, readings_of, values_of

_NOON_S = 1_767_268_800
_NOON_NS = _NOON_S * NS_PER_S


def field(kind: int, body: str) -> str:
    """Return a field in hex."""
    return f"{kind:02x}{len(bytes.fromhex(body)):02x}{body}"


def number(obis: str, raw: int, scaler: int, unit: int = 30, mask: int = 0xFC) -> str:
    """Return an object with a number and its unit; ``obis`` in hex, ``mask`` says which of its groups are sent."""
    body = bytes((mask,)) + bytes.fromhex(obis) + bytes((unit, scaler % 256)) + raw.to_bytes(8, signed=True)
    return field(0x40, body.hex())


def text(obis: str, value: bytes) -> str:
    """Return an object with a text."""
    return field(0x42, f"fc{obis}{value.hex()}")


def meter(*fields: str, received_ns: int = _NOON_NS) -> Decoded:
    """Decode meter data."""
    return decode("imst_ioke868", Payload(bytes.fromhex("".join(fields)), 5, received_ns))


def status(bits: int, clock_s: int = _NOON_S - 5, extension: str = "") -> Decoded:
    """Decode a status."""
    data = (
        clock_s.to_bytes(4, "little")
        + bytes((3, 1))
        + bytes(8)
        + bits.to_bytes(2, "little")
        + bytes(12)
        + bytes.fromhex(extension)
    )
    return decode("imst_ioke868", Payload(data, 3, _NOON_NS))


class TestNumber:
    @pytest.mark.parametrize(
        "obis, unit, name",
        [
            ("0100010800ff", 30, "electricity.energy.active.import/"),
            ("0100010801ff", 30, "electricity.energy.active.import/t1"),
            ("0100010802ff", 30, "electricity.energy.active.import/t2"),
            ("0102010802ff", 30, "electricity.energy.active.import/ch2.t2"),
            ("0100020800ff", 30, "electricity.energy.active.export/"),
            ("0100030800ff", 32, "electricity.energy.reactive.import/"),
            ("0100040801ff", 32, "electricity.energy.reactive.export/t1"),
        ],
    )
    def test_its_code_tells_register_channel_and_tariff(self, obis: str, unit: int, name: str) -> None:
        assert values_of(meter(number(obis, 123, -1, unit))) == {name: 123_000}

    @pytest.mark.parametrize(
        "obis, unit, name",
        [
            ("0100100700ff", 27, "electricity.power.active/"),
            ("0100240700ff", 27, "electricity.power.active/l1"),
            ("0100380700ff", 27, "electricity.power.active/l2"),
            ("01004c0700ff", 27, "electricity.power.active/l3"),
            ("0100090700ff", 28, "electricity.power.apparent/"),
            ("0100200700ff", 35, "electricity.voltage/l1"),
            ("0100330700ff", 33, "electricity.current/l2"),
            ("01005b0700ff", 33, "electricity.current/n"),
            ("01000e0700ff", 44, "electricity.frequency/"),
            ("01000d0700ff", 255, "electricity.power_factor/"),
        ],
    )
    def test_its_code_tells_gauge_and_phase(self, obis: str, unit: int, name: str) -> None:
        assert values_of(meter(number(obis, -2_301, -1, unit))) == {name: -230.1}

    def test_a_power_given_for_one_direction_has_its_sign(self) -> None:
        assert values_of(meter(number("0100010700ff", 40, 0, 27))) == {"electricity.power.active/": 40.0}
        assert values_of(meter(number("0100020700ff", 40, 0, 27))) == {"electricity.power.active/": -40.0}

    def test_powers_of_both_directions_are_one_power(self) -> None:
        found = meter(number("0100010700ff", 0, 0, 27), number("0100020700ff", 500, 0, 27))
        assert values_of(found) == {"electricity.power.active/": -500.0}

    def test_the_sum_of_the_meter_is_better_than_ours(self) -> None:
        found = meter(number("0100010700ff", 41, 0, 27), number("0100100700ff", 40, 0, 27))
        assert values_of(found) == {"electricity.power.active/": 40.0}

    def test_groups_that_are_not_sent_are_the_usual_ones(self) -> None:
        assert values_of(meter(number("010802", 5, 0, mask=0x38))) == {"electricity.energy.active.import/t2": 50_000}

    @pytest.mark.parametrize("scaler, value", [(0, 10_000), (3, 10_000_000), (-4, 1)])
    def test_a_register_is_shifted_to_its_step(self, scaler: int, value: int) -> None:
        assert values_of(meter(number("0100010800ff", 1, scaler))) == {"electricity.energy.active.import/": value}

    @pytest.mark.parametrize("raw, scaler", [(1, -5), (1, 30), (2**62, 0)])
    def test_a_number_that_does_not_fit_the_step_is_no_register(self, raw: int, scaler: int) -> None:
        found = meter(number("0100010800ff", raw, scaler))
        assert found.snapshots == ()
        assert found.notices[0].code == "register_not_exact"
        assert found.notices[0].detail == f"1-0:1.8.0*255 {raw}e{scaler} unit 30"

    @pytest.mark.parametrize(
        "obis, unit, code",
        [
            ("0100010800ff", 32, "unit_unexpected"),
            ("0100100700ff", 255, "unit_unknown"),
            ("0100630100ff", 30, "value_unknown"),
            ("070003000001", 13, "value_unknown"),
        ],
    )
    def test_what_it_measures_must_be_certain(self, obis: str, unit: int, code: str) -> None:
        found = meter(number(obis, 7, 0, unit))
        assert found.snapshots == ()
        assert codes_of(found) == [code]

    @pytest.mark.parametrize("unit", [0, 255])
    def test_a_register_without_a_unit_is_kept_flagged_and_noted(self, unit: int) -> None:
        found = meter(number("0100010800ff", 7, 0, unit))
        assert [(each.value, each.quality) for each in readings_of(found)] == [(70_000, "unit_unknown")]
        assert codes_of(found) == ["unit_unknown"]

    @pytest.mark.parametrize("is_first", [True, False])
    def test_a_copy_without_a_unit_makes_no_second_value(self, is_first: bool) -> None:
        copies = [number("0100010800ff", 7, 0), number("0100010800ff", 8, 0, 0)]
        found = meter(*(copies if is_first else reversed(copies)))
        assert [(each.value, each.quality) for each in readings_of(found)] == [(70_000, "measured")]

    def test_the_end_of_a_past_billing_period_is_not_the_present(self) -> None:
        assert codes_of(meter(number("010001080001", 7, 0))) == ["value_unknown"]

    def test_of_contradicting_copies_the_first_stays_and_the_other_is_noted(self) -> None:
        found = meter(number("0100010800ff", 1, 0), number("0100010800ff", 2, 0), number("0100010800ff", 1, 0))
        assert values_of(found) == {"electricity.energy.active.import/": 10_000}
        assert codes_of(found) == ["value_repeated"]


class TestText:
    @pytest.mark.parametrize(
        "value, register",
        [
            (b"000055.2815*kWh", 552_815_000),
            (b"000055.2815*Wh", 552_815),
            (b"1*MWh", 10_000_000_000),
            (b"+7*Wh", 70_000),
        ],
    )
    def test_a_number_with_its_unit_is_a_register(self, value: bytes, register: int) -> None:
        assert values_of(meter(text("0100010800ff", value))) == {"electricity.energy.active.import/": register}

    def test_a_number_alone_is_a_register_without_a_unit(self) -> None:
        found = meter(text("0100010801ff", b"000055.28"))
        assert [(each.channel, each.value, each.quality) for each in readings_of(found)] == [
            ("t1", 552_800, "unit_unknown")
        ]
        assert [(each.code, each.detail) for each in found.notices] == [("unit_unknown", "1-0:1.8.1*255 000055.28")]

    def test_a_number_alone_is_nothing_but_a_register(self) -> None:
        found = meter(text("0100100700ff", b"55.28"))
        assert found.snapshots == ()

    @pytest.mark.parametrize("value", [b"55.28*m3", b"1.2.3*kWh", b"1&2*kWh", b"\x01\x02", b"55.28*kW h"])
    def test_anything_else_is_only_noted(self, value: bytes) -> None:
        found = meter(text("0100010800ff", value))
        assert found.snapshots == ()
        assert codes_of(found) == ["unit_unknown"]

    def test_a_finer_text_than_the_step_is_never_rounded(self) -> None:
        assert codes_of(meter(text("0100010800ff", b"1.00001*Wh"))) == ["register_not_exact"]

    @pytest.mark.parametrize("obis", ["0100600100ff", "0000600100ff", "0100000009ff"])
    def test_numbers_of_the_meter_are_its_identity(self, obis: str) -> None:
        assert values_of(meter(text(obis, b"1EMH0012345678"))) == {"meter.identity/": "1EMH0012345678"}


class TestOtherFields:
    @pytest.mark.parametrize(
        "raw, identity",
        [("3334313230302d35", "341200-5"), ("0901454d4800", "0901454d4800"), ("31203220", "31203220")],
    )
    def test_the_meter_is_known_by_visible_text_or_by_its_bytes(self, raw: str, identity: str) -> None:
        assert values_of(meter(field(0x10, raw))) == {"meter.identity/": identity}

    @pytest.mark.parametrize(
        "code, is_connected, notices",
        [
            ("00", True, []),
            ("01", False, ["no input"]),
            ("02", True, ["input file error"]),
            ("04", True, ["meter ID does not match"]),
            ("05", True, ["no filtered data"]),
            ("09", None, ["0x09"]),
        ],
    )
    def test_the_status_tells_whether_the_meter_answers(
        self, code: str, is_connected: bool | None, notices: list[str]
    ) -> None:
        found = meter(field(0x00, f"03{code}"))
        assert values_of(found).get("meter.connected/") is is_connected
        assert [notice.detail for notice in found.notices] == notices
        assert found.attributes == {"meter.interface": "0x03", "meter.direction": "import + export"}

    @pytest.mark.parametrize("off_s", [-300, 0, 300])
    def test_a_clock_that_agrees_with_the_network_dates_the_readings(self, off_s: int) -> None:
        found = meter(field(0x01, f"{_NOON_S + off_s:08x}"), number("0100010800ff", 1, 0))
        assert found.snapshots[0].device_ns == (_NOON_S + off_s) * NS_PER_S

    @pytest.mark.parametrize("off_s", [-301, 301, -86_400 * 100])
    def test_a_clock_that_nobody_calls_synchronised_is_not_believed(self, off_s: int) -> None:
        found = meter(field(0x01, f"{_NOON_S + off_s:08x}"), number("0100010800ff", 1, 0))
        assert found.snapshots[0].device_ns is None

    def test_fields_of_unknown_type_are_passed_over(self) -> None:
        found = meter(field(0x70, "aabb"), number("0100010800ff", 1, 0))
        assert values_of(found) == {"electricity.energy.active.import/": 10_000}
        assert codes_of(found) == ["field_unknown"]

    @pytest.mark.parametrize(
        "broken",
        [field(0x00, "00"), field(0x01, "aabbcc"), field(0x10, ""), field(0x40, ""), field(0x40, "fc0100010800ff1e00")],
    )
    def test_a_malformed_field_costs_only_itself(self, broken: str) -> None:
        found = meter(broken, number("0100010800ff", 1, 0))
        assert values_of(found) == {"electricity.energy.active.import/": 10_000}
        assert codes_of(found) == ["field_malformed"]


class TestStatus:
    def test_a_synchronised_clock_dates_the_counters(self) -> None:
        found = status(0)
        assert found.snapshots[0].device_ns == (_NOON_S - 5) * NS_PER_S
        assert values_of(found)["device.clock_synchronized/"] is True

    def test_a_clock_set_by_hand_is_as_good(self) -> None:
        found = status(0x02)
        assert found.snapshots[0].device_ns is not None
        assert found.attributes["config.network_time"] == "not synchronized"

    def test_a_clock_that_calls_itself_unset_dates_nothing(self) -> None:
        found = status(0x04)
        assert found.snapshots[0].device_ns is None
        assert values_of(found)["device.clock_synchronized/"] is False

    def test_settings_are_denied_bit_by_bit(self) -> None:
        assert status(0xD9).attributes == {
            "firmware": "1.3",
            "config.lorawan_activation": "not activated",
            "config.network_time": "synchronized",
            "config.lorawan": "not available",
            "config.calendar_events": "empty",
            "config.obis_filter": "empty",
        }
        assert "join_in_progress" in codes_of(status(0x08))

    def test_bytes_of_later_firmware_are_kept_raw(self) -> None:
        assert status(0, extension="42").notices[-1].detail == "42"


@pytest.mark.parametrize("hex_text, needed", [("", 2), ("10023132 40", 6), ("1003 3132", 5), ("000204000104", 10)])
def test_a_field_cut_short_says_how_much_is_missing(hex_text: str, needed: int) -> None:
    data = bytes.fromhex(hex_text)
    with pytest.raises(Undecodable, match=f"{len(data)} bytes are too few: at least {needed} expected"):
        decode("imst_ioke868", Payload(data, 5, _NOON_NS))


@pytest.mark.parametrize(
    "f_port, hex_text, code",
    [
        (5, "", "payload_too_short"),
        (5, "40", "payload_too_short"),
        (5, "10023132 40", "payload_too_short"),
        (5, "1003 3132", "payload_too_short"),
        (5, "70 01 00", "payload_malformed"),
        (5, "40 00", "payload_malformed"),
        (3, "00" * 27, "payload_too_short"),
        (67, "80", "payload_too_short"),
        (69, "", "payload_too_short"),
        (8, "00", "f_port_unknown"),
    ],
)
def test_what_the_reader_never_sends_is_refused(f_port: int, hex_text: str, code: str) -> None:
    with pytest.raises(Undecodable) as caught:
        decode("imst_ioke868", Payload(bytes.fromhex(hex_text), f_port, _NOON_NS))
    assert caught.value.code == code
