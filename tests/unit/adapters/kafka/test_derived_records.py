"""Results as records that others read."""

import base64

import msgspec

from adapters.kafka.derived_records import derived_lots, letter_records
from adapters.kafka.producer import Lot
from adapters.kafka.topics import Topics
from application.ports.dead_letters import DeadLetter
from application.processing.outcome import Outcome
from domain.radio import connection_info
from tests.contract.loss_days import a_loss_day
from tests.support.builders import (
    DEV,
    a_dead_letter,
    a_device,
    a_device_state,
    a_reading,
    an_activation,
    an_observation,
    an_uplink,
)

TOPICS = Topics(max_message_bytes=10_000)


def lots_of(outcome: Outcome, partition: int = 5) -> dict[str, Lot]:
    """Return the lots of ``outcome`` by topic."""
    return {lot.topic: lot for lot in derived_lots(outcome, partition, TOPICS)}


def an_outcome() -> Outcome:
    """Return an outcome with one of each."""
    return Outcome(
        [an_observation()],
        [a_device_state()],
        [a_device()],
        [connection_info(an_uplink())],
        [an_activation()],
        [a_dead_letter()],
        losses=[a_loss_day(DEV)],
    )


def test_each_kind_has_its_topic_and_all_go_to_the_partition_of_their_input() -> None:
    lots = lots_of(an_outcome())
    of_devices = {"observations", "device-states", "devices", "radio-metadata", "activations"}
    assert set(lots) == {*of_devices, "loss-ledger", "dead-letters"}
    assert {lot.partition for lot in lots.values()} == {5}


def test_the_key_is_the_device_or_its_day_and_of_a_dead_letter_its_id() -> None:
    keys = {topic: lot.records[0][0] for topic, lot in lots_of(an_outcome()).items()}
    assert keys.pop("loss-ledger") == f"{DEV}/20454/swu".encode()
    assert keys.pop("dead-letters") == b"0-0-envelope_unreadable"
    assert set(keys.values()) == {DEV.encode()}


def test_an_observation_is_a_json_object_that_anybody_can_read() -> None:
    value = lots_of(an_outcome())["observations"].records[0][1]
    assert msgspec.json.decode(value or b"") == {
        "dev_eui": DEV,
        "event_ns": 1_767_268_800_000_000_000,
        "written_us": 1_767_268_800_000_000,
        "readings": [{"measurand": "parking.occupied", "channel": "", "value": True}],
        "time_origin": "network",
        "uncertainty_ms": 2_000,
        "device_type": "bosch_tps110",
        "decoder": "bosch_tps110@1",
        "source": "swu",
    }


def test_nothing_is_written_where_nothing_came_out() -> None:
    assert derived_lots(Outcome(), 0, TOPICS) == []


def test_a_result_that_no_record_takes_goes_to_the_dead_letters_and_its_neighbours_go_on() -> None:
    huge = an_observation(a_reading("made.up", value="x" * 20_000))
    lots = lots_of(Outcome([an_observation(f_cnt=1), huge, an_observation(f_cnt=2)]))
    assert len(lots["observations"].records) == 2
    [(_, value, _, _)] = lots["dead-letters"].records
    letter = msgspec.json.decode(value or b"", type=DeadLetter)
    assert (letter.reason, letter.dev_eui) == ("result_too_large", DEV)
    assert "topic 'observations', which takes" in letter.detail


def test_the_same_result_is_the_same_dead_letter() -> None:
    outcome = Outcome([an_observation(a_reading("made.up", value="x" * 20_000))])
    assert lots_of(outcome)["dead-letters"].records == lots_of(outcome)["dead-letters"].records


def test_a_topic_left_with_nothing_has_no_lot() -> None:
    assert set(lots_of(Outcome([an_observation(a_reading("made.up", value="x" * 20_000))]))) == {"dead-letters"}


def test_a_dead_letter_keeps_the_bytes_of_its_message() -> None:
    letter = a_dead_letter()
    [(_, value, _, _)] = letter_records([letter], TOPICS)
    assert msgspec.json.decode(value or b"")["body"] == base64.b64encode(letter.body).decode()


def test_a_dead_letter_that_no_record_takes_keeps_the_beginning_and_says_so() -> None:
    topics = Topics()
    huge = DeadLetter("id", "r", "process", "why", "uplinks/0@0", "swu", "t", 1, b"x" * 2_000_000, payload=b"y" * 10**6)
    [(_, value, _, _)] = letter_records([huge], topics)
    assert len(value or b"") < topics.limit(topics.dead_letters)
    kept = msgspec.json.decode(value or b"", type=DeadLetter)
    assert kept.detail == "why (the first 65536 of 2000000 bytes)"
    assert huge.body.startswith(kept.body)


def test_the_largest_uplink_fits_into_a_dead_letter_whole() -> None:
    topics = Topics()
    letter = DeadLetter("id", "r", "process", "why", "o", "swu", "t", 1, b"\xff" * topics.limit(topics.uplinks))
    [(_, value, _, _)] = letter_records([letter], topics)
    assert msgspec.json.decode(value or b"", type=DeadLetter) == letter
