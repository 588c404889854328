"""Each network server writes messages of its own shape."""

import json
from collections import Counter

import pytest

from adapters.simulated_city import Message
from adapters.simulated_city.fleets import FLEETS
from adapters.simulated_city.network_servers import NETWORK_SERVERS, source_name, spoken_on
from tests.unit.adapters.simulated_city.cities import ALL_SERVERS, calm, whole_run


def spoken(server: str, **changed: object) -> list[Message]:
    """Return what a city says through one network server."""
    chosen = {"devices": 20, "uplinks": 1_000, "fleets": tuple(FLEETS), "network_servers": (server,), **changed}
    return whole_run(calm(**chosen))[0]


@pytest.mark.parametrize("server", NETWORK_SERVERS)
def test_all_messages_are_json_under_topics_of_their_server(server: str) -> None:
    messages = spoken(server, repeated=0.1, empty=0.1)
    assert {spoken_on(topic) for topic, _ in messages} == {server}
    assert all(isinstance(json.loads(body), dict) for _, body in messages)


def test_chirpstack_writes_zeros_of_the_event_and_leaves_out_those_of_the_radio() -> None:
    first = [json.loads(body) for topic, body in spoken("chirpstack", empty=0.5) if topic.endswith("/up")]
    assert {event["fCnt"] for event in first} >= {0, 1}
    assert {event["fPort"] for event in first} >= {0}
    heard = [reception for event in first for reception in event["rxInfo"]]
    assert any("snr" not in each for each in heard)
    assert all(each.get("snr", 1.0) for each in heard)
    assert all(event["time"].endswith("+00:00") for event in first)


def test_chirpstack_asks_devices_how_they_are() -> None:
    messages = spoken("chirpstack")
    kinds = Counter(topic.rpartition("/")[2] for topic, _ in messages)
    assert kinds["status"] > 10
    statuses = [json.loads(body) for topic, body in messages if topic.endswith("/status")]
    assert {status["externalPowerSource"] for status in statuses} == {True, False}


def test_chirpstack_tells_of_a_repeat_in_its_log_only() -> None:
    lines = [json.loads(body) for topic, body in spoken("chirpstack", repeated=0.2) if topic.endswith("/log")]
    assert {line["code"] for line in lines} == {"UPLINK_F_CNT_RETRANSMISSION"}
    assert all(line["context"]["f_cnt_up"].isdigit() for line in lines)


def test_the_things_network_v2_names_no_session_and_trims_times() -> None:
    bodies = [json.loads(body) for _, body in spoken("ttn-v2")]
    assert not any("session" in str(body) for body in bodies)
    assert all(body["metadata"]["time"].endswith("Z") and "0Z" not in body["metadata"]["time"][20:] for body in bodies)
    activations = [body for body in bodies if "dev_addr" in body]
    assert activations
    assert not any("dev_id" in body or "app_id" in body for body in activations)


def test_every_fleet_is_shared_out_among_them() -> None:
    messages, _ = whole_run(calm(devices=90, uplinks=500, network_servers=ALL_SERVERS))
    joins = Counter(spoken_on(topic) for topic, _ in messages if topic.endswith(("/join", "/activations")))
    assert set(joins) == set(ALL_SERVERS)
    assert max(joins.values()) - min(joins.values()) <= len(FLEETS)


def test_each_is_a_source_of_its_own() -> None:
    assert [source_name("ulm", server) for server in ALL_SERVERS] == ["ulm", "ulm-chirpstack", "ulm-ttn-v2"]
