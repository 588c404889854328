"""The pure step: what one batch of messages comes to."""

from msgspec.structs import replace

from application.processing.step import Step
from domain.decoding import Context, Decoders
from domain.device import DeviceTypeRule, DeviceTypes
from domain.radio import Ignored, Message, Unreadable
from tests.support.builders import DEV, NOON_NS, a_reception, an_activation, an_uplink
from tests.unit.application.stepping import SPOTS, STEP, TYPES, stepped


def test_an_uplink_becomes_an_observation_with_its_origin() -> None:
    outcome = stepped([an_uplink(7)])
    (observation,) = outcome.observations
    assert observation.readings[0].value is True
    assert (observation.dev_eui, observation.f_cnt, observation.source) == (DEV, 7, "swu")
    assert (observation.device_type, observation.decoder) == ("spot", "test_spot@1")
    assert (observation.event_ns, observation.time_origin) == (NOON_NS + 6_300 * 10**9, "network")


def test_the_memory_given_is_left_as_it_is() -> None:
    memory = stepped([an_uplink(0)]).memory
    before = dict(memory)
    stepped([an_uplink(1)], memory, first=1)
    assert memory == before


def test_a_device_registers_itself_with_its_first_uplink_only() -> None:
    outcome = stepped([an_uplink(0), an_uplink(1)])
    (device,) = outcome.devices
    assert (device.dev_eui, device.device_type, device.application_id) == (DEV, "spot", "swu-parking")


def test_the_model_the_network_server_names_decides_the_type_before_the_settings_do() -> None:
    outcome = stepped([an_uplink(0, model="test/spot", device_id="something-else")])
    assert outcome.devices[0].device_type == "spot"


def test_a_device_of_unknown_type_is_accounted_and_its_payload_goes_to_the_dead_letters() -> None:
    outcome = stepped([an_uplink(0, device_id="unheard-of")])
    (letter,) = outcome.dead_letters
    assert letter.reason == "device_type_unknown"
    assert letter.payload == b"\x01"
    assert outcome.states[0].frames[0].received == 1
    assert outcome.states[0].frames[0].undecodable == 1


def test_a_type_that_becomes_known_later_updates_the_registry() -> None:
    memory = stepped([an_uplink(0)], step=Step(DeviceTypes({}), Decoders({}))).memory
    outcome = stepped([an_uplink(1)], memory, first=1)
    assert [device.device_type for device in outcome.devices] == ["spot"]
    assert outcome.devices[0].registered_us == memory[DEV].device.registered_us


def test_a_type_that_the_settings_come_to_know_better_replaces_the_one_before() -> None:
    mistaken = DeviceTypes({}, (DeviceTypeRule("spott"),))
    memory = stepped([an_uplink(0)], step=Step(mistaken, Decoders({}))).memory
    outcome = stepped([an_uplink(1)], memory, first=1)
    assert [device.device_type for device in outcome.devices] == ["spot"]
    assert len(outcome.observations) == 1


def test_what_a_device_reports_of_itself_goes_to_the_registry_once() -> None:
    outcome = stepped([an_uplink(0, payload=b"\x02"), an_uplink(1, payload=b"\x02")])
    assert [device.attributes for device in outcome.devices] == [{}, {"serial": "4711"}]


def test_a_payload_its_codec_refuses_is_received_undecodable_and_a_dead_letter() -> None:
    outcome = stepped([an_uplink(0, payload=b"\x09")])
    (letter,) = outcome.dead_letters
    assert (letter.reason, letter.decoder, letter.origin) == ("byte_unknown", "test_spot@1", "uplinks/0@0")
    assert outcome.states[0].frames[0].undecodable == 1
    assert outcome.counts.dead == 1


def test_a_codec_that_breaks_costs_its_frame_and_no_other() -> None:
    outcome = stepped([an_uplink(0, payload=b"\xff"), an_uplink(1)])
    assert [letter.reason for letter in outcome.dead_letters] == ["codec_failed"]
    assert len(outcome.observations) == 1


def test_an_encrypted_payload_is_a_dead_letter() -> None:
    assert stepped([an_uplink(0, encrypted=True)]).dead_letters[0].reason == "payload_encrypted"


def test_an_unreadable_message_is_a_dead_letter_and_its_neighbours_go_on() -> None:
    outcome = stepped([an_uplink(0), Unreadable("envelope_unreadable", "not JSON"), an_uplink(1)])
    assert [letter.origin for letter in outcome.dead_letters] == ["uplinks/0@1"]
    assert len(outcome.observations) == 2


def test_a_broken_message_that_a_transport_repeats_is_the_same_letter() -> None:
    broken = Unreadable("envelope_unreadable", "not JSON")
    first, second = stepped([broken]).dead_letters, stepped([broken], first=7).dead_letters
    assert first[0].letter_id == second[0].letter_id


def test_two_pieces_given_up_at_once_are_two_letters() -> None:
    memory = stepped([an_uplink(0, payload=b"\x03"), an_uplink(1, payload=b"\x03\x00")]).memory
    waiting = memory[DEV].context.fragments
    context = Context((*waiting, *stepped([an_uplink(0, payload=b"\x03")]).memory[DEV].context.fragments))
    memory = {DEV: replace(memory[DEV], context=context)}
    letters = stepped([an_uplink(2, payload=b"\x03\x01")], memory, first=2).dead_letters
    assert len({letter.letter_id for letter in letters}) == 2


def test_what_a_frame_says_that_is_no_reading_is_counted_by_its_code() -> None:
    assert stepped([an_uplink(0, payload=b"\x02")]).counts.notices == {"serial_reported": 1}


def test_an_ignored_message_is_counted_by_its_reason() -> None:
    assert stepped([Ignored("simulated"), Ignored("simulated")]).counts.ignored == {"simulated": 2}


def test_a_duplicate_yields_no_second_observation() -> None:
    outcome = stepped([an_uplink(0), an_uplink(0, seconds=5)])
    assert len(outcome.observations) == 1
    assert outcome.counts.duplicate == 1


def test_a_message_redelivered_yields_no_second_observation() -> None:
    outcome = stepped([an_uplink(0), an_uplink(0)])
    assert len(outcome.observations) == 1
    assert outcome.counts.redelivered == 1


def test_a_mac_only_frame_is_out_though_it_yields_no_reading() -> None:
    outcome = stepped([an_uplink(0, f_port=0, payload=b"")])
    assert outcome.counts.out == 1
    assert outcome.states[0].frames[0].empty == 1


def test_radio_metadata_names_the_gateway_with_the_best_snr() -> None:
    heard = (a_reception("far", -7.0), a_reception("near", 9.0))
    assert stepped([an_uplink(0, receptions=heard)]).connections[0].gateway_id == "near"


def test_a_city_may_do_without_radio_metadata_and_loses_nothing_else() -> None:
    told, untold = stepped([an_uplink(0)]), stepped([an_uplink(0)], step=Step(TYPES, SPOTS, radio_metadata=False))
    assert (len(told.connections), len(untold.connections)) == (1, 0)
    assert (untold.observations, untold.states, untold.losses) == (told.observations, told.states, told.losses)
    assert (untold.memory, untold.counts.out) == (told.memory, told.counts.out)


def test_a_join_is_kept_and_claims_its_session_from_zero() -> None:
    outcome = stepped([an_activation(), an_uplink(2)])
    assert len(outcome.activations) == 1
    assert outcome.states[0].frames[0].missing == 2


def test_a_join_delivered_again_is_told_once() -> None:
    outcome = stepped([an_activation(), an_uplink(0), an_activation()])
    assert len(outcome.activations) == 1
    assert outcome.counts.redelivered == 1


def test_a_frame_that_the_account_has_forgotten_is_read_and_not_counted() -> None:
    sessions = [an_uplink(0, session=f"session-{n}", seconds=10_000.0 * n) for n in range(6)]
    memory = stepped(sessions).memory
    forgotten = an_uplink(7, session="session-0", seconds=100, payload=b"\x09")
    outcome = stepped([an_uplink(8, session="session-0", seconds=200), forgotten], memory, first=6)
    assert len(outcome.observations) == len(outcome.dead_letters) == 1
    (frames,) = outcome.states[0].frames
    assert (frames.received, frames.undecodable) == (6, 0)


def test_a_payload_in_two_pieces_is_assembled_in_memory() -> None:
    outcome = stepped([an_uplink(0, payload=b"\x03"), an_uplink(1, payload=b"\x04")])
    assert outcome.observations[0].readings[0].value is True
    assert outcome.memory[DEV].context == Context()


def test_a_piece_whose_rest_never_came_goes_to_the_dead_letters() -> None:
    outcome = stepped([an_uplink(0, payload=b"\x03"), an_uplink(1, payload=b"\x03")])
    (letter,) = outcome.dead_letters
    assert letter.reason == "fragments_incomplete"
    assert letter.payload == b"\x03"


def test_the_latest_reading_is_latest_by_event_time_not_by_arrival() -> None:
    outcome = stepped([an_uplink(0), an_uplink(2), an_uplink(1, payload=b"\x00")])
    (latest,) = outcome.states[0].latest
    assert (latest.value, latest.event_ns) == (True, NOON_NS + 1_800 * 10**9)


def test_the_write_time_of_a_state_never_goes_back() -> None:
    memory = stepped([an_uplink(100)]).memory
    later = stepped([an_uplink(3)], memory, first=1)
    assert later.states[0].written_us > memory[DEV].written_us


def test_one_state_comes_out_for_each_device_however_many_its_uplinks() -> None:
    other = "00000000000000aa"
    outcome = stepped([an_uplink(0), an_uplink(1), an_uplink(0, dev_eui=other)])
    assert sorted(state.dev_eui for state in outcome.states) == [other, DEV]


def test_every_message_ends_in_one_bucket() -> None:
    messages: list[Message] = [
        an_activation(),
        an_uplink(0),
        an_uplink(0),
        an_uplink(0, seconds=3),
        an_uplink(1, payload=b"\x09"),
    ]
    outcome = stepped([*messages, Ignored("foreign"), Unreadable("x", "y")])
    assert outcome.counts.came_in == 7
    assert outcome.counts.in_flight == 0


def test_the_step_has_no_memory_of_its_own() -> None:
    first, second = stepped([an_uplink(0)], step=STEP), stepped([an_uplink(0)], step=STEP)
    assert first.memory == second.memory
    assert first.observations == second.observations
