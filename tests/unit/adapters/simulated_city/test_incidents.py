"""What befalls the city shows in what its devices say, and is told."""

import json
from collections import Counter, defaultdict
from itertools import pairwise

import pytest

from adapters.simulated_city import Incident, Message, TruthInMemory
from adapters.simulated_city.fleets import FLEETS
from domain.rfc3339 import parse_rfc3339
from tests.unit.adapters.simulated_city.cities import ALL_SERVERS, NOON_NS, calm, whole_run

_METER = {"electricity": "electricity.energy.active.import", "water": "water.volume"}


def told(truth: TruthInMemory, what: str) -> list[str]:
    """Return the subjects of all incidents of a kind."""
    return [incident.subject for incident in truth.incidents if incident.what == what]


def values(truth: TruthInMemory, dev_eui: str, measurand: str) -> list[object]:
    """Return what a device said of a measurand, in the order of time; of one channel."""
    readings = sorted(
        (each.channel, each.event_ns, each.value)
        for each in truth.readings
        if (each.dev_eui, each.measurand) == (dev_eui, measurand)
    )
    return [value for channel, _, value in readings if channel == readings[0][0]]


class TestAMeterThatIsExchanged:
    @pytest.mark.parametrize("fleet", ["electricity", "water"])
    def test_has_another_number_and_a_register_that_fell_once(self, fleet: str) -> None:
        _, truth = whole_run(calm(devices=10, fleets=(fleet,), uplinks=1_500, exchanges=1.0))
        assert sorted(told(truth, "meter_exchange")) == sorted(truth.devices)
        for dev_eui in truth.devices:
            numbers = values(truth, dev_eui, "meter.identity")
            assert len(set(map(str, numbers))) == 2
            register = [int(str(value)) for value in values(truth, dev_eui, _METER[fleet])]
            assert sum(later < earlier for earlier, later in pairwise(register)) == 1

    def test_is_told_with_both_numbers(self) -> None:
        _, truth = whole_run(calm(devices=1, fleets=("water",), uplinks=100, exchanges=1.0))
        assert [each.detail for each in truth.incidents] == ["30000000 → 40000000"]


class TestALeak:
    def test_runs_until_it_is_found(self) -> None:
        city = calm(devices=1, fleets=("water",), uplinks=120)
        (_, dry), (_, wet) = whole_run(city), whole_run(calm(devices=1, fleets=("water",), uplinks=120, leaks=1.0))
        assert [incident.what for incident in wet.incidents] == ["leak", "leak_found"]
        (dev_eui,) = wet.devices
        lost = [
            int(str(after)) - int(str(before))
            for before, after in zip(
                values(dry, dev_eui, "water.volume"), values(wet, dev_eui, "water.volume"), strict=True
            )
        ]
        assert lost[0] == 0
        assert lost[-1] > 1_000_000  # a cubic metre and more, in millilitres: 5 h at 30 L/h are 0.15, at 300 L/h 1.5

    def test_is_an_alarm_of_a_meter_that_hears_it(self) -> None:
        _, truth = whole_run(calm(devices=1, fleets=("ultrasonic",), uplinks=120, leaks=1.0))
        (since,) = [each.at_ns for each in truth.incidents if each.what == "leak"]
        (until,) = [each.at_ns for each in truth.incidents if each.what == "leak_found"]
        heard = [
            (each.event_ns + 3_000_000_000, each.value)
            for each in truth.readings
            if (each.measurand, each.channel) == ("water.alarm", "leak")
        ]
        assert {since <= at_ns < until for at_ns, raised in heard if raised} == {True}
        assert {value for _, value in heard} == {True, False}


class TestALampThatFails:
    def test_says_so_and_draws_no_power_until_it_is_replaced(self) -> None:
        _, truth = whole_run(calm(devices=8, fleets=("lamps",), uplinks=1_500, faults=1.0, start_ns=NOON_NS))
        assert set(told(truth, "lamp_fault")) == set(truth.devices)
        assert set(told(truth, "lamp_replaced")) <= set(truth.devices)
        faults = [each for each in truth.readings if (each.measurand, each.channel) == ("lamp.fault", "lamp.dali0")]
        assert Counter(each.value for each in faults) == {
            True: len(told(truth, "lamp_fault")),
            False: len(told(truth, "lamp_replaced")),
        }


class TestDusk:
    def test_brings_all_lamps_of_switched_circuits_within_a_second(self) -> None:
        messages, truth = whole_run(calm(devices=200, fleets=("lamps",), uplinks=20_000, start_ns=NOON_NS))
        dusks = [incident for incident in truth.incidents if incident.what == "dusk"]
        assert dusks
        assert all(50 < int(dusk.subject) < 150 for dusk in dusks)
        assert longest_run_of_joins(messages) == max(int(dusk.subject) for dusk in dusks)

    def test_ends_the_silence_of_the_day(self) -> None:
        _, truth = whole_run(calm(devices=50, fleets=("lamps",), uplinks=6_000))
        hours: dict[str, set[int]] = defaultdict(set)
        for reading in truth.readings:
            hours[reading.dev_eui].add(reading.event_ns // 3_600_000_000_000 % 24)
        by_day = {dev_eui for dev_eui, heard in hours.items() if heard & set(range(8, 14))}
        assert 10 < len(by_day) < 40  # half of them are switched
        assert all(heard & {18, 19, 20} for heard in hours.values())


def longest_run_of_joins(messages: list[Message]) -> int:
    """Return how many joins came one after the other."""
    longest = run = 0
    for topic, _ in messages:
        run = run + 1 if topic.endswith("/join") else 0
        longest = max(longest, run)
    return longest


OUTAGE_NS = int(0.4 * 6 * 3_600) * 1_000_000_000


def heard_ns(message: Message) -> int:
    """Return when the network heard an uplink of The Things Stack; 0: it is none."""
    up = json.loads(message[1]).get("uplink_message")
    return parse_rfc3339(up["received_at"]) if up else 0


def names(outage: Incident, message: Message) -> bool:
    """Say whether one of the gateways of an outage is among those that heard a message."""
    return any(f'"gateway_id":"{gateway}"'.encode() in message[1] for gateway in outage.subject.split())


class TestAGatewayThatFallsSilent:
    def test_hears_nothing_and_whom_only_it_hears_is_missing(self) -> None:
        city = calm(devices=100, uplinks=6_000, outages=0.4)
        messages, truth = whole_run(city)
        outages = [incident for incident in truth.incidents if incident.what == "gateway_outage"]
        assert len({outage.subject for outage in outages}) == len(outages) > 1
        silent = [
            message
            for message in messages
            if any(
                outage.at_ns <= heard_ns(message) < outage.at_ns + OUTAGE_NS and names(outage, message)
                for outage in outages
            )
        ]
        assert silent == []
        assert sum(device.missing for device in truth.devices.values()) > 20


class TestADeviceThatLosesPower:
    def test_counts_from_zero_in_the_same_session(self) -> None:
        messages, truth = whole_run(calm(devices=10, fleets=("parking",), uplinks=2_000, resets=1.0))
        assert set(told(truth, "reset")) == set(truth.devices)
        for device in truth.devices.values():
            assert len({session.session for session in device.sessions}) == 1
            assert sum(session.is_reset for session in device.sessions) == told(truth, "reset").count(device.dev_eui)
        assert sum(topic.endswith("/join") for topic, _ in messages) == 10

    def test_is_dropped_by_chirpstack_which_tells_of_it_in_its_log(self) -> None:
        chosen = calm(devices=10, fleets=("parking",), uplinks=2_000, resets=1.0, network_servers=("chirpstack",))
        messages, truth = whole_run(chosen)
        lines = sum(b'"code":"UPLINK_F_CNT_RESET"' in body for _, body in messages)
        assert lines == sum(device.logged for device in truth.devices.values()) > 100
        assert not any(session.is_reset for device in truth.devices.values() for session in device.sessions)


NEXT = {"city": "city-chirpstack", "city-chirpstack": "city-ttn-v2", "city-ttn-v2": "city"}


class TestAMigration:
    def test_takes_a_device_to_another_source_in_a_new_session(self) -> None:
        _, truth = whole_run(calm(devices=30, uplinks=3_000, network_servers=ALL_SERVERS, migrations=1.0))
        assert sorted(told(truth, "migration")) == sorted(truth.devices)
        for device in truth.devices.values():
            before, after = [session.source for session in device.sessions]
            assert NEXT[before] == after


def test_what_is_not_asked_for_does_not_happen() -> None:
    _, truth = whole_run(calm(fleets=tuple(name for name in FLEETS if name != "lamps")))
    assert truth.incidents == []
