"""The pure step: what servers report, what the registry knows, and what nobody may see."""

import pytest
from msgspec.structs import replace

from application.processing.known_devices import KnownDevices
from application.processing.outcome import Outcome
from application.processing.step import Step
from domain.decoding import Choice, Codec, Context, Decoded, Decoders, Payload
from domain.device import DeviceEntry, DeviceTypes, latest_of
from domain.identifiers import DevEui
from domain.observation import Position, Reading, Value
from domain.radio import Uplink
from tests.support.builders import DEV, NOON_NS, a_server_notice, a_server_report, an_uplink
from tests.unit.application.stepping import SPOTS, TYPES, decode_spot, stepped


def newest(outcome: Outcome, measurand: str) -> Value | None:
    """Return what is remembered of the device."""
    known = latest_of(outcome.memory[DEV].latest, measurand)
    return known.value if known is not None else None


def test_what_a_network_server_measures_itself_is_an_observation_at_the_servers_time() -> None:
    battery = Reading("device.battery.level", "", 87.5)
    outcome = stepped([a_server_report(battery)])
    [observation] = outcome.observations
    assert observation.readings == (battery,)
    assert (observation.event_ns, observation.time_origin, observation.decoder) == (NOON_NS, "network", "")
    assert outcome.counts.out == 1
    assert newest(outcome, "device.battery.level") == battery.value


def test_a_servers_notice_is_counted_by_its_code_and_yields_no_reading() -> None:
    outcome = stepped([a_server_notice("uplink_f_cnt_reset", f_cnt=3)])
    assert outcome.counts.notices == {"uplink_f_cnt_reset": 1}
    assert (outcome.counts.out, outcome.observations) == (1, [])


def test_the_registry_knows_a_devices_type_better_than_its_network_server() -> None:
    registry = KnownDevices([DeviceEntry(DevEui(DEV), 1, device_type="spot")])
    step = Step(DeviceTypes({"test/lamp": "lamp"}), SPOTS, registry)
    outcome = stepped([an_uplink(0, model="test/lamp")], step=step)
    assert outcome.devices[0].device_type == "spot"
    assert len(outcome.observations) == 1


@pytest.mark.parametrize(
    "registered, served, said", [("", "", ""), ("", "2.0", "2.0"), ("1.7", "2.0", "1.7"), ("1.7", "", "1.7")]
)
def test_a_codec_is_told_the_firmware_that_registry_or_server_name(registered: str, served: str, said: str) -> None:
    told: list[str] = []

    def listening(payload: Payload, context: Context) -> Decoded:
        told.append(payload.facts.firmware)
        return Decoded(context=context)

    registry = KnownDevices([DeviceEntry(DevEui(DEV), 1, device_type="spot", firmware=registered)])
    step = Step(TYPES, Decoders({"spot": [Choice(Codec("listening", 1, listening))]}), registry)
    stepped([an_uplink(0, firmware=served)], step=step)
    assert told == [said]


def test_a_frame_that_may_carry_keys_is_withheld_from_the_dead_letters() -> None:
    def breaking(payload: Payload, context: Context) -> Decoded:
        raise ValueError(payload.data.hex())

    step = Step(TYPES, Decoders({"spot": [Choice(Codec("careful", 1, breaking, conceals=lambda payload: True))]}))
    [letter] = stepped([an_uplink(0, payload=b"\xfe\xdc\xba\x98")], step=step).dead_letters
    assert (letter.body, letter.payload) == (b"", b"")
    assert "fedcba98" not in letter.detail
    assert letter.origin == "uplinks/0@0"


def test_a_firmware_that_no_decoder_reads_is_named_in_the_dead_letter() -> None:
    step = Step(TYPES, Decoders({"spot": [Choice(Codec("new", 2, decode_spot), firmware="2.*")]}))
    [letter] = stepped([an_uplink(0, firmware="1.9")], step=step).dead_letters
    assert letter.reason == "firmware_unknown"
    assert "'1.9'" in letter.detail


def test_a_value_that_cannot_be_is_flagged_and_kept() -> None:
    [observation] = stepped([a_server_report(Reading("device.battery.level", "", 187.5))]).observations
    [reading] = observation.readings
    assert (reading.value, reading.quality) == (187.5, "implausible")


def test_a_place_that_is_none_does_not_replace_the_last_one() -> None:
    ulm, nowhere = Position(484_000_000, 99_900_000), Position(0, 0)
    places = [a_server_report(Reading("position", "", place), seconds=at) for at, place in enumerate([ulm, nowhere])]
    outcome = stepped(places)
    assert [each.readings[0].quality for each in outcome.observations] == ["measured", "implausible"]
    assert newest(outcome, "position") == ulm


def a_placed_uplink(f_cnt: int, latitude: int) -> Uplink:
    """Return an uplink with which the server tells where it has the device on its map."""
    return replace(an_uplink(f_cnt), place=Position(latitude, 99_900_000, "configured"))


def test_where_the_server_has_a_device_on_its_map_is_told_once_and_again_when_it_moves() -> None:
    outcome = stepped([a_placed_uplink(0, 1), a_placed_uplink(1, 1), a_placed_uplink(2, 2)])
    places = [each.readings[0].value for each in outcome.observations if each.readings[0].measurand == "position"]
    assert [place.latitude for place in places if isinstance(place, Position)] == [1, 2]


def test_where_the_server_has_a_device_on_its_map_is_of_no_interest_once_it_says_so_itself() -> None:
    fix = a_server_report(Reading("position", "", Position(484_000_000, 99_900_000, "gnss")))
    outcome = stepped([fix, a_placed_uplink(0, 1)])
    assert [each.readings[0].measurand for each in outcome.observations] == ["position", "parking.occupied"]
