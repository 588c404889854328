"""A whole mapping: from data to snapshots, attributes and notices."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.decoding import Notice, Snapshot, Undecodable
from domain.decoding.mapping import (
    AttributeRule,
    DataMapping,
    NoticeRule,
    PositionRule,
    TimeFormat,
    TimeRule,
    ValueRule,
    channel_text,
    parse_path,
)
from domain.observation import MEASURANDS, Position, Reading
from tests.support.builders import NOON_NS, NS

_NOON = "2026-01-01T12:00:00Z"


def value(path: str, measurand: str, channel: str = "", **more: Any) -> ValueRule:  # noqa: ANN401  fields of the rule
    """Return a rule."""
    along = parse_path(path)
    return ValueRule(along, MEASURANDS[measurand], channel_text(channel, along), **more)


def readings(rule: ValueRule | PositionRule, data: object) -> list[Reading]:
    """Return what one rule finds."""
    mapping = DataMapping((rule,)) if isinstance(rule, ValueRule) else DataMapping(positions=(rule,))
    return [reading for snapshot in mapping.decoded(data).snapshots for reading in snapshot.readings]


def refused(rule: ValueRule | PositionRule, data: object) -> str:
    """Return why one rule refuses the data."""
    with pytest.raises(Undecodable) as why:
        readings(rule, data)
    assert why.value.code == "mapping_mismatch"
    return why.value.message


def test_a_register_keeps_every_digit() -> None:
    rule = value("kwh", "electricity.energy.active.import", "t1", factor=Decimal(1000))
    for text, count in {"1234.5678": 12345678000, "0.0000001": 1, "99999999.9999999": 999999999999999}.items():
        expected = Reading("electricity.energy.active.import", "t1", count, -4)
        assert readings(rule, {"kwh": Decimal(text)}) == [expected]


def test_a_register_beyond_its_step_is_refused_and_not_rounded() -> None:
    rule = value("kwh", "electricity.energy.active.import", factor=Decimal(1000))
    assert "no whole multiple" in refused(rule, {"kwh": Decimal("0.00000001")})


def test_digits_say_what_the_device_sends() -> None:
    rule = value("kwh", "electricity.energy.active.import", factor=Decimal(1000), digits=3)
    assert readings(rule, {"kwh": Decimal("1.23400000009")})[0].value == 12340000


def test_a_gauge_is_a_float_in_its_unit() -> None:
    rule = value("mv", "device.battery.voltage", factor=Decimal("0.001"))
    assert readings(rule, {"mv": 3612}) == [Reading("device.battery.voltage", "", 3.612)]
    assert readings(rule, {"mv": "3612.5"}) == [Reading("device.battery.voltage", "", 3.6125)]


@pytest.mark.parametrize("data", [{}, {"mv": None}, {"mv": 65535}, {"mv": "n/a"}])
def test_what_is_missing_is_no_reading(data: object) -> None:
    rule = value("mv", "device.battery.voltage", missing=frozenset({"65535", "n/a"}))
    assert readings(rule, data) == []


@pytest.mark.parametrize(
    "given, read",
    [("open", False), ("closed", True), (True, True), (1, True), (Decimal("0.5"), "half")],
)
def test_states_are_told_by_their_text(given: object, read: object) -> None:
    states = {"open": False, "closed": True, "true": True, "1": True, "0.5": "half"}
    assert readings(value("door", "device.switch", states=states), {"door": given}) == [
        Reading("device.switch", "", read)  # type: ignore[arg-type]
    ]


def test_a_state_nobody_named_is_refused() -> None:
    rule = value("door", "device.switch", states={"open": False, "closed": True})
    assert refused(rule, {"door": "ajar"}) == "door = 'ajar': one of open, closed expected: add it to states"


@pytest.mark.parametrize("given", [True, "SN-4711", 5])
def test_a_state_without_names_is_taken_as_it_is(given: bool | int | str) -> None:
    assert readings(value("it", "meter.identity"), {"it": given}) == [Reading("meter.identity", "", given)]


@pytest.mark.parametrize("given", ["high", True, [1], {"a": 1}])
def test_what_is_no_number_is_refused_with_its_place(given: object) -> None:
    assert refused(value("a.v", "electricity.voltage"), {"a": {"v": given}}).startswith("a.v = ")


@pytest.mark.parametrize("given", [10**400, Decimal("1e400")], ids=["int", "decimal"])
def test_a_number_beyond_every_store_is_refused(given: object) -> None:
    refused(value("v", "electricity.voltage"), {"v": given})
    refused(value("v", "meter.pulse_count"), {"v": given})
    refused(value("v", "device.status_word"), {"v": given})


def test_channels_are_taken_from_the_data() -> None:
    rule = value("circuits[].phases[].v", "electricity.voltage", "ch{circuits[].n}.{circuits[].phases[].name}")
    data = {"circuits": [{"n": 1, "phases": [{"name": "L1", "v": 230}, {"name": "L2", "v": 231}]}, {"n": 2}]}
    assert [(each.channel, each.value) for each in readings(rule, data)] == [("ch1.l1", 230.0), ("ch1.l2", 231.0)]


def test_a_channel_may_count() -> None:
    rule = value("pulses[]", "meter.pulse_count", "pulse{#}")
    assert [each.channel for each in readings(rule, {"pulses": [5, 6, 7]})] == ["pulse1", "pulse2", "pulse3"]


def test_a_channel_that_is_none_is_refused() -> None:
    rule = value("v", "electricity.voltage", "{name}")
    assert "is no channel" in refused(rule, {"v": 1, "name": "kitchen"})


def test_records_with_times_of_their_own_become_snapshots() -> None:
    time = TimeRule(parse_path("log[].at"), TimeFormat.UNIX_S)
    rule = value("log[].count", "meter.pulse_count", time=time)
    data = {"log": [{"at": 1_767_268_800, "count": 5}, {"at": 1_767_265_200, "count": 4}, {"count": 3}]}
    assert DataMapping((rule,)).decoded(data).snapshots == (
        Snapshot((Reading("meter.pulse_count", "", 5),), NOON_NS),
        Snapshot((Reading("meter.pulse_count", "", 4),), NOON_NS - 3_600 * NS),
        Snapshot((Reading("meter.pulse_count", "", 3),)),
    )


def test_readings_of_one_instant_stand_together() -> None:
    rules = (value("v", "electricity.voltage"), value("a", "electricity.current"))
    mapping = DataMapping(rules, time=TimeRule(parse_path("time")))
    [snapshot] = mapping.decoded({"time": _NOON, "v": 230, "a": 1}).snapshots
    assert (snapshot.device_ns, len(snapshot.readings)) == (NOON_NS, 2)


@pytest.mark.parametrize(
    "written, said",
    [
        (TimeFormat.RFC3339, "2026-01-01T13:00:00+01:00"),
        (TimeFormat.UNIX_S, 1_767_268_800),
        (TimeFormat.UNIX_MS, 1_767_268_800_000),
        (TimeFormat.UNIX_S, "1767268800.000"),
    ],
)
def test_times_are_read_as_scripts_write_them(written: TimeFormat, said: object) -> None:
    mapping = DataMapping((value("v", "electricity.voltage"),), time=TimeRule(parse_path("t"), written))
    assert mapping.decoded({"t": said, "v": 1}).snapshots[0].device_ns == NOON_NS


def test_an_age_is_told_in_its_unit() -> None:
    rule = TimeRule(age=parse_path("minutes"), age_factor=Decimal(60))
    mapping = DataMapping((value("v", "electricity.voltage"),), time=rule)
    assert mapping.decoded({"minutes": Decimal("1.5"), "v": 1}).snapshots[0].age_ns == 90 * NS


@pytest.mark.parametrize("said", ["yesterday", 5, True, "2026-01-01 12:00", Decimal("1e30")])
def test_what_is_no_time_is_refused(said: object) -> None:
    for written in (TimeFormat.RFC3339, TimeFormat.UNIX_S) if said != 5 else (TimeFormat.RFC3339,):
        mapping = DataMapping((value("v", "electricity.voltage"),), time=TimeRule(parse_path("t"), written))
        with pytest.raises(Undecodable):
            mapping.decoded({"t": said, "v": 1})


def test_two_fields_are_a_place() -> None:
    paths = [parse_path(f"gps.{name}") for name in ("lat", "lon", "alt", "acc", "sats")]
    rule = PositionRule(paths[0], paths[1], paths[2], paths[3], paths[4])
    data = {"gps": {"lat": Decimal("48.39841"), "lon": Decimal("9.9915512345678"), "alt": 480, "acc": 5, "sats": 7}}
    assert readings(rule, data)[0].value == Position(483984100, 99915512, "gnss", 480.0, 5.0, 7)
    assert readings(rule, {"gps": {"lat": 48, "lon": None}}) == []
    assert readings(rule, {}) == []


def test_attributes_and_notices_are_told() -> None:
    mapping = DataMapping(
        attributes=(AttributeRule(parse_path("fw"), "firmware"), AttributeRule(parse_path("none"), "serial")),
        notices=(
            NoticeRule(parse_path("event"), "button_pressed", frozenset({"press"})),
            NoticeRule(parse_path("tamper"), "tampered"),
        ),
    )
    decoded = mapping.decoded({"fw": Decimal("1.2"), "event": "press", "tamper": False}, ("battery low",))
    assert decoded.attributes == {"firmware": "1.2"}
    assert decoded.notices == (Notice("button_pressed", "press"), Notice("codec_warning", "battery low"))


def test_data_without_anything_to_map_are_noticed() -> None:
    assert DataMapping((value("v", "electricity.voltage"),)).decoded({"x": 1}).notices == (Notice("nothing_mapped"),)


def test_more_readings_than_a_payload_can_hold_are_refused() -> None:
    rule = value("all[]", "electricity.voltage")
    assert len(readings(rule, {"all": [1] * 1_000})) == 1_000
    assert "more than 1000 readings" in refused(rule, {"all": [1] * 1_001})


_anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=12,
)
_MAPPING = DataMapping(
    (
        value("a[].b", "electricity.energy.active.import", "t{a[].c}", factor=Decimal("0.1")),
        value("b", "electricity.voltage"),
        value("c.a", "device.status_word"),
    ),
    (PositionRule(parse_path("a[].a"), parse_path("a[].c")),),
    (AttributeRule(parse_path("c"), "serial"),),
    (NoticeRule(parse_path("b.c"), "event"),),
    TimeRule(parse_path("c.b"), TimeFormat.UNIX_S, parse_path("c.c")),
)


@given(_anything)
def test_no_data_raise_anything_but_undecodable(data: object) -> None:
    try:
        decoded = _MAPPING.decoded(data)
    except Undecodable:
        return
    for snapshot in decoded.snapshots:
        assert all(each.measurand in MEASURANDS for each in snapshot.readings)
