"""What the fuzzer feeds to the MQTT reader, and what it takes for a finding."""

import pytest

from adapters.mqtt.packet_stream import PacketStream
from tests.unit.adapters.mqtt.heard import Heard
from tools.fuzz import Unsound
from tools.fuzz_mqtt import one_input, seeds


def test_what_a_broker_may_send_is_no_finding() -> None:
    for seed in seeds():
        one_input(seed)


def test_it_begins_with_messages_that_are_understood() -> None:
    *_, longest = seeds()
    heard = Heard([longest[1 + longest[0] :]])
    assert (len(heard.messages), heard.stream.violation) == (6, "")


def test_a_reader_to_which_it_makes_a_difference_how_bytes_are_divided_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    feed = PacketStream.feed
    monkeypatch.setattr(PacketStream, "feed", lambda stream, data: feed(stream, data[:7]))
    *_, longest = seeds()
    with pytest.raises(Unsound, match="makes a difference"):
        one_input(longest)
