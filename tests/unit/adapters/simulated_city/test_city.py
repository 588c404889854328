"""What leaves the city: the same for the same settings, and as a network server would publish it."""

import json
from itertools import islice

import pytest

from adapters.simulated_city import Message, SimulatedCity, TruthInMemory
from tests.support.clock import FakeClock
from tests.unit.adapters.simulated_city.cities import START_NS, calm, settings, whole_run


def up(message: Message) -> dict[str, object]:
    """Return the uplink of a message."""
    content: dict[str, object] = json.loads(message[1])["uplink_message"]
    return content


class TestTheSameSettings:
    def test_give_the_same_bytes_and_the_same_truth(self) -> None:
        (messages, truth), (again, truth_again) = whole_run(settings()), whole_run(settings())
        assert messages == again
        assert truth.readings == truth_again.readings
        assert truth.devices == truth_again.devices

    def test_with_another_seed_are_another_city(self) -> None:
        _, truth = whole_run(settings(seed=1))
        _, other = whole_run(settings(seed=2))
        assert truth.devices.keys().isdisjoint(other.devices.keys())

    def test_without_a_start_begin_now(self) -> None:
        clock = FakeClock()
        clock.advance(1_000)
        messages = SimulatedCity(settings(start_ns=0, uplinks=30, rate=1.0), clock).messages()
        assert list(messages) == whole_run(settings(start_ns=START_NS + 1_000 * 10**9, uplinks=30, rate=1.0))[0]

    def test_without_start_and_pace_end_now(self) -> None:
        """Readings of the future would be strange things to try out."""
        _, truth = whole_run(calm(start_ns=0))
        end_ns = FakeClock().now_us() * 1_000
        assert end_ns - 60 * 10**9 < max(reading.event_ns for reading in truth.readings) < end_ns + 10**9


class TestMessages:
    def test_a_device_joins_before_it_speaks(self) -> None:
        messages, _ = whole_run(calm(devices=3, uplinks=9))
        assert [topic.rsplit("/", 2)[1:] for topic, _ in messages[:6]] == [
            *(["meter-000001", "join"], ["meter-000001", "up"]),
            *(["spot-000001", "join"], ["spot-000001", "up"]),
            *(["water-000001", "join"], ["water-000001", "up"]),
        ]

    def test_topics_name_application_tenant_and_device(self) -> None:
        messages, _ = whole_run(calm(devices=1, fleets=("parking",), uplinks=1, tenant="neu-ulm"))
        assert messages[1][0] == "v3/swu-parking@neu-ulm/devices/spot-000001/up"

    def test_a_counter_of_zero_is_left_out(self) -> None:
        messages, _ = whole_run(calm(devices=1, fleets=("parking",), uplinks=2))
        assert "f_cnt" not in up(messages[1])
        assert up(messages[2])["f_cnt"] == 1

    def test_a_frame_of_mac_commands_has_neither_port_nor_payload(self) -> None:
        messages, truth = whole_run(calm(devices=1, fleets=("parking",), uplinks=1, empty=1.0))
        assert not {"f_port", "frm_payload"} & up(messages[1]).keys()
        assert [told.empty for told in truth.devices.values()] == [1]

    def test_no_value_of_zero_is_written(self) -> None:
        messages, _ = whole_run(calm(uplinks=300))
        for _, body in messages:
            assert not any(zero in body for zero in (b":0,", b":0}", b':""', b":null", b":false"))

    def test_one_to_three_gateways_hear_an_uplink(self) -> None:
        messages, _ = whole_run(calm(devices=100, uplinks=300))
        receptions = [up(message)["rx_metadata"] for message in messages if message[0].endswith("/up")]
        assert {len(heard) for heard in receptions if isinstance(heard, list)} == {1, 2, 3}

    def test_nothing_is_marked_as_simulated(self) -> None:
        """The platform leaves out what a console simulates; the city wants to be taken seriously."""
        messages, _ = whole_run(calm(uplinks=100))
        assert not any(b"simulated" in body for _, body in messages)

    def test_segments_stand_on_a_port_of_their_own(self) -> None:
        messages, _ = whole_run(calm(devices=50, fleets=("electricity",), uplinks=300))
        ports = [up(message)["f_port"] for message in messages if message[0].endswith("/up")]
        assert {3, 5, 69} == set(ports)


class TestMishaps:
    @pytest.mark.parametrize("mishap", ["lost", "repeated", "late", "empty"])
    def test_the_asked_share_suffers(self, mishap: str) -> None:
        _, truth = whole_run(calm(fleets=("parking",), devices=100, uplinks=20_000, **{mishap: 0.05}))
        counted = {"lost": "missing", "repeated": "duplicate"}.get(mishap, mishap)
        share = sum(getattr(told, counted) for told in truth.devices.values()) / 20_000
        assert 0.04 < share < 0.06

    def test_half_of_the_poison_breaks_the_envelope_half_the_payload(self) -> None:
        _, truth = whole_run(calm(fleets=("parking",), devices=100, uplinks=20_000, poison=0.05))
        envelopes = sum(poison.broken == "envelope" for poison in truth.poison)
        assert 400 < envelopes < 600
        assert 400 < len(truth.poison) - envelopes < 600

    def test_every_way_to_break_a_message_occurs(self) -> None:
        _, truth = whole_run(calm(fleets=("parking",), devices=100, uplinks=5_000, poison=0.2))
        ways = {poison.how for poison in truth.poison if poison.broken == "envelope"}
        assert ways == {"cut", "not_json", "f_cnt_text", "dev_eui_missing", "payload_not_base64"}

    def test_the_first_and_the_last_frame_of_every_session_are_heard(self) -> None:
        _, truth = whole_run(settings(lost=0.9, repeated=0.0, late=0.0, poison=0.1, empty=0.0, rejoins=1.0))
        sessions = [session for told in truth.devices.values() for session in told.sessions]
        assert all(session.received >= min(2, session.last + 1) for session in sessions)
        assert any(session.missing for session in sessions)
        assert sum(told.received + told.missing for told in truth.devices.values()) == 3_000

    def test_a_repeat_has_a_receipt_time_of_its_own(self) -> None:
        messages, _ = whole_run(calm(devices=1, fleets=("parking",), uplinks=50, repeated=1.0))
        by_counter: dict[object, list[dict[str, object]]] = {}
        for message in messages[1:]:
            by_counter.setdefault(up(message).get("f_cnt"), []).append(up(message))
        for original, repeat in by_counter.values():
            assert original["frm_payload"] == repeat["frm_payload"]
            assert original["session_key_id"] == repeat["session_key_id"]
            assert original["received_at"] != repeat["received_at"]

    def test_some_devices_join_again(self) -> None:
        _, truth = whole_run(calm(uplinks=6_000, rejoins=0.5))
        numbers = [len(told.sessions) for told in truth.devices.values()]
        assert min(numbers) == 1
        assert max(numbers) > 1


class TestANewStart:
    def test_has_new_sessions(self) -> None:
        names: set[str] = set()
        for hours in range(3):
            _, truth = whole_run(calm(start_ns=START_NS + hours * 3_600 * 10**9))
            names |= {session.session for told in truth.devices.values() for session in told.sessions}
        assert len(names) == 3 * 30

    def test_goes_on_where_registers_would_be(self) -> None:
        _, before = whole_run(calm(devices=40, uplinks=2_000))
        end_ns = max(reading.event_ns for reading in before.readings)
        _, after = whole_run(calm(devices=40, uplinks=2_000, start_ns=end_ns + 3_600 * 10**9))
        highest: dict[tuple[str, str, str], object] = {}
        registers = [reading for reading in (*before.readings, *after.readings) if reading.exponent]
        for reading in sorted(registers, key=lambda reading: reading.event_ns):
            key = reading.dev_eui, reading.measurand, reading.channel
            assert reading.value >= highest.get(key, 0)  # type: ignore[operator]  # registers are integers
            highest[key] = reading.value
        assert len(highest) > 40


def test_truth_is_told_of_what_was_handed_over_only() -> None:
    truth = TruthInMemory()
    with SimulatedCity(settings(uplinks=0), FakeClock(), truth) as city:
        handed_over = list(islice(city.messages(), 500))
    received = sum(told.received + told.duplicate for told in truth.devices.values())
    joins = sum(topic.endswith("/join") for topic, _ in handed_over)
    broken = sum(poison.broken == "envelope" for poison in truth.poison)
    assert received + joins + broken == 500


def test_time_may_pass_without_a_message() -> None:
    city = SimulatedCity(calm(devices=1, fleets=("parking",), uplinks=0), FakeClock())
    messages = city.messages()
    first = [next(messages) for _ in range(2)][-1]
    city.pass_time(7 * 86_400 * 10**9)
    assert str(up(first)["received_at"]) < "2026-01-02"
    assert str(up(next(messages))["received_at"]) > "2026-01-08"
