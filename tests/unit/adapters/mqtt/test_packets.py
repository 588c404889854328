"""The packets that we send, byte by byte, as MQTT 3.1.1 has them (section 3)."""

from hypothesis import given
from hypothesis import strategies as st

from adapters.mqtt import packets
from adapters.mqtt.packet_stream import PacketStream
from tests.unit.adapters.mqtt.inboxes import inbox
from tests.unit.adapters.mqtt.scripted_broker import connack, publish

SWU = {"username": "swu", "password": "geheim"}


def test_a_client_without_a_name_of_its_own_presents_itself() -> None:
    assert packets.connect("reader", 30, clean_session=True) == (b"\x10\x12\x00\x04MQTT\x04\x02\x00\x1e\x00\x06reader")


def test_a_user_presents_itself_with_its_password_and_without_a_will() -> None:
    assert packets.connect("r", 300, clean_session=False, **SWU) == (
        b"\x10\x1a\x00\x04MQTT\x04\xc0\x01\x2c\x00\x01r\x00\x03swu\x00\x06geheim"
    )


def test_all_topic_filters_are_subscribed_to_at_once() -> None:
    assert packets.subscribe(["a/+", "ö"], 1) == b"\x82\x0d\x00\x01\x00\x03a/+\x01\x00\x02\xc3\xb6\x01"


def test_each_message_has_an_acknowledgement_of_its_own() -> None:
    assert packets.pubacks([5, 258]) == b"\x40\x02\x00\x05\x40\x02\x01\x02"
    assert packets.pubacks([]) == b""


def test_a_packet_identifier_is_never_0() -> None:
    assert [packets.next_mid(0), packets.next_mid(65_534), packets.next_mid(65_535)] == [1, 65_535, 1]


@given(st.text(max_size=20), st.sampled_from([0, 1, 107, 16_364, 2_097_132]), st.integers(0, 65_535))
def test_a_message_is_published_as_the_other_side_reads_it(topic: str, size: int, mid: int) -> None:
    body = bytes(size)
    assert packets.publish(topic, body, mid) == publish(body, mid, topic=topic.encode())
    stream, box = PacketStream(3_000_000), inbox()
    stream.feed(connack() + packets.publish(topic, body, mid))
    stream.take(box)
    assert [(each.topic, each.body) for each in box.uplinks] == [(topic, body)]
    assert box.mids == [mid]
