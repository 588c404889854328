"""Axioma QALCOSONIC W1: the present, and a log of hours."""

from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.decoding import Decoded, Payload, Undecodable
from domain.observation import event_time
from domain.rfc3339 import NS_PER_S
from tests.unit.domain.decoding.vectors import codes_of, decode, values_of

_CLOCK_S = 1_767_268_800 + 574
"""2026-01-01T12:09:34Z."""
_HOUR_S = 3_600
_DELTA_BITS = 14


def decoded(f_port: int, data: bytes, heard_s: int = _CLOCK_S) -> Decoded:
    """Decode a payload heard then."""
    return decode("axioma_w1", Payload(data, f_port, heard_s * NS_PER_S))


def enhanced(litres: int, deltas: list[int], clock_s: int = _CLOCK_S, multiplier: int = 0) -> bytes:
    """Return a frame of 51 bytes."""
    bits = multiplier << 23 * _DELTA_BITS
    for index, delta in enumerate(deltas):
        bits |= delta << index * _DELTA_BITS
    return pack("<BIBI", 1, clock_s, 0, litres) + bits.to_bytes(41, "little")


def extended(litres: int, deltas: list[int], log_s: int, logged: int, clock_s: int = _CLOCK_S) -> bytes:
    """Return a frame of 47 bytes."""
    return pack("<IBIII15H", clock_s, 0, litres, log_s, logged, *deltas)


def registers(found: Decoded, heard_s: int = _CLOCK_S) -> dict[int, int]:
    """Return litres by instant (s)."""
    return {
        event_time(each.device_ns, heard_s * NS_PER_S, each.age_ns)[0] // NS_PER_S: int(reading.value) // 1000  # type: ignore[arg-type]  # a register
        for each in found.snapshots
        for reading in each.readings
        if reading.measurand == "water.volume"
    }


class TestTheEnhancedFrame:
    def test_gives_a_register_for_each_of_24_full_hours(self) -> None:
        found = registers(decoded(100, enhanced(1000, [1] * 23)))
        noon = _CLOCK_S - 574
        assert found == {noon - hour * _HOUR_S: 1023 - hour for hour in range(24)}

    def test_says_that_it_does_not_tell_the_hours(self) -> None:
        *log, now = decoded(100, enhanced(1000, [1] * 23)).snapshots
        assert {each.uncertainty_ns for each in log} == {_HOUR_S * NS_PER_S}
        assert now.uncertainty_ns == 0

    @given(st.lists(st.integers(0, 2**_DELTA_BITS - 1), min_size=30, max_size=30), st.integers(0, 6))
    def test_overlaps_with_the_next_at_the_same_instants(self, used: list[int], later: int) -> None:
        first = registers(decoded(100, enhanced(1000, used[:23])))
        clock_s = _CLOCK_S + later * _HOUR_S + 17
        second = registers(decoded(100, enhanced(1000 + sum(used[:later]), used[later : later + 23], clock_s)), clock_s)
        common = first.keys() & second.keys()
        assert len(common) == 24 - later
        assert all(first[instant] == second[instant] for instant in common)

    def test_of_a_clock_that_was_never_set_is_dated_by_the_network(self) -> None:
        found = registers(decoded(100, enhanced(1000, [1] * 23, clock_s=1000)))
        assert found == {_CLOCK_S - 1000 - hour * _HOUR_S: 1023 - hour for hour in range(24)}

    def test_with_a_multiplier_gives_only_the_register_it_gives_whole(self) -> None:
        found = decoded(100, enhanced(1000, [1] * 23, multiplier=1))
        assert list(registers(found).values()) == [1000]
        assert codes_of(found) == ["history_multiplier_unknown"]

    def test_of_another_version_is_refused(self) -> None:
        with pytest.raises(Undecodable, match="version 2"):
            decoded(100, b"\2" + enhanced(1000, [])[1:])


class TestTheExtendedFrame:
    def test_gives_the_present_register_and_16_of_the_log(self) -> None:
        noon = _CLOCK_S - 574
        found = registers(decoded(100, extended(1020, [1] * 15, noon - 15 * _HOUR_S, 1000)))
        assert found == {_CLOCK_S: 1020} | {noon - hour * _HOUR_S: 1015 - hour for hour in range(16)}

    def test_logs_at_full_hours(self) -> None:
        noon = _CLOCK_S - 574
        found = registers(decoded(100, extended(1020, [1] * 15, noon - 15 * _HOUR_S + 90, 1000)))
        assert noon - 15 * _HOUR_S in found

    def test_says_the_present_once_where_the_log_ends_now(self) -> None:
        noon = _CLOCK_S - 574
        data = extended(1015, [1] * 15, noon - 15 * _HOUR_S, 1000, clock_s=noon)
        assert len(decoded(100, data).snapshots) == 16

    def test_of_a_log_that_cannot_be_hourly_gives_only_its_first_register(self) -> None:
        noon = _CLOCK_S - 574
        found = decoded(100, extended(1020, [1] * 15, noon - 5 * _HOUR_S, 1000))
        assert registers(found) == {_CLOCK_S: 1020, noon - 5 * _HOUR_S: 1000}
        assert codes_of(found) == ["history_interval_unknown"]

    def test_of_a_log_that_begins_now_gives_the_present_register_once(self) -> None:
        noon = _CLOCK_S - 574
        found = decoded(100, extended(1020, [1] * 15, noon, 1000, clock_s=noon))
        assert len(found.snapshots) == 1
        assert values_of(found)["water.volume/"] == 1_020_000

    def test_may_be_filled_up(self) -> None:
        data = extended(1020, [1] * 15, _CLOCK_S - 16 * _HOUR_S, 1000)
        assert decoded(100, data + b"\x2f") == decoded(100, data)

    @pytest.mark.parametrize("tail, code", [(b"\0", "payload_too_long"), (b"\x2f\x2f", "payload_too_long")])
    def test_has_nothing_else_behind_it(self, tail: bytes, code: str) -> None:
        with pytest.raises(Undecodable) as caught:
            decoded(100, extended(1020, [1] * 15, _CLOCK_S, 1000) + tail)
        assert caught.value.code == code

    @pytest.mark.parametrize("log_s", [_CLOCK_S + 1, _CLOCK_S - 401 * 86_400])
    def test_is_refused_where_log_and_clock_contradict_each_other(self, log_s: int) -> None:
        with pytest.raises(Undecodable, match="does not belong"):
            decoded(100, extended(1020, [1] * 15, log_s, 1000))


@pytest.mark.parametrize(
    "status, alarm, fault",
    [
        (0x00, None, "none"),
        (0x04, None, "none"),
        (0x08, None, "permanent"),
        (0x10, "dry", "temporary"),
        (0x18, "dry", "permanent"),
        (0x30, "leak", "temporary"),
        (0x70, "reverse_flow", "temporary"),
        (0x90, "frost", "temporary"),
        (0xB0, "burst", "temporary"),
        (0xD0, "tamper", "temporary"),
    ],
)
def test_an_alarm_is_one_of_those_the_status_can_name(status: int, alarm: str | None, fault: str) -> None:
    values = values_of(decoded(103, pack("<IB", _CLOCK_S, status)))
    raised = [name for name, value in values.items() if name.startswith("water.alarm/") and value]
    assert raised == ([f"water.alarm/{alarm}"] if alarm else [])
    assert values["meter.fault/"] == fault
    assert values["device.battery.low/"] is (status == 0x04)


@pytest.mark.parametrize("control, unit", [(0x42, "s"), (0x52, "min"), (0x62, "h"), (0x72, "d")])
def test_the_interval_of_the_log_is_a_setting(control: int, unit: str) -> None:
    attributes = decoded(101, bytes((0x04, 0x13, 32, control, 6))).attributes
    assert attributes["config.log.interval"] == f"6 {unit}"
