"""The bytes of a broker become packets, however they are divided, and whatever they are."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.mqtt.packet_stream import PacketStream
from adapters.mqtt.packets import CONNACK, PINGRESP, PUBACK, SUBACK
from tests.support.clock import FakeClock
from tests.unit.adapters.mqtt.heard import LONGEST, Heard, divided
from tests.unit.adapters.mqtt.inboxes import inbox
from tests.unit.adapters.mqtt.scripted_broker import connack, publish

GREETING = connack()
PONG = b"\xd0\x00"

messages = st.builds(
    publish,
    st.binary(max_size=300),
    st.integers(0, 65_535),
    topic=st.binary(max_size=20),
    dup=st.booleans(),
)
answers = st.sampled_from([PONG, b"\x40\x02\x00\x07", b"\x90\x04\x00\x01\x00\x01", b"\x90\x03\x00\x01\x80"])
sound = st.lists(st.one_of(messages, answers), max_size=12).map(lambda parts: GREETING + b"".join(parts))
torn = st.builds(lambda stream, garbage: stream + garbage, sound, st.binary(max_size=40))
changed = st.builds(
    lambda stream, at, byte: stream[: at % len(stream)] + byte + stream, sound, st.integers(0), st.binary()
)
streams = st.one_of(sound, torn, changed, st.binary(max_size=60))


@given(streams, st.lists(st.integers(0, 10_000), max_size=20))
def test_where_the_bytes_are_divided_makes_no_difference(stream: bytes, cuts: list[int]) -> None:
    assert Heard(divided(stream, cuts)).all == Heard([stream]).all


@given(streams)
def test_byte_by_byte_it_is_the_same(stream: bytes) -> None:
    assert Heard([stream[at : at + 1] for at in range(len(stream))]).all == Heard([stream]).all


@given(streams, st.integers(1, 5))
def test_how_much_room_there_is_makes_no_difference_and_is_never_exceeded(stream: bytes, room: int) -> None:
    narrow = Heard([stream], most_messages=room)
    assert narrow.all == Heard([stream]).all
    assert narrow.most_held <= room


@given(st.lists(messages, max_size=12))
def test_of_what_a_broker_may_send_everything_is_understood(published: list[bytes]) -> None:
    heard = Heard([GREETING + b"".join(published)])
    assert len(heard.messages) == len(published)
    assert (heard.stream.violation, heard.stream.unread) == ("", 0)


@given(st.binary(), st.integers(1, 65_535), st.booleans())
def test_a_message_is_what_was_published(body: bytes, mid: int, dup: bool) -> None:
    heard = Heard([GREETING + publish(body[:300], mid, topic="straße".encode(), dup=dup)])
    assert heard.messages == [("straße", body[:300], dup, mid)]


@given(streams, st.lists(st.binary(max_size=50), max_size=5))
def test_after_what_is_not_understood_nothing_is_kept(stream: bytes, more: list[bytes]) -> None:
    before = Heard([stream, b"\xf0"])
    after = Heard([stream, b"\xf0", *more])
    if before.stream.violation:
        assert after.all == before.all
        assert after.stream.unread == 0


@pytest.mark.parametrize(
    "packet, why",
    [
        (b"\x34\x03\x00\x01t", "a message of a QoS that was not asked for"),
        (b"\x36\x03\x00\x01t", "a message of a QoS that was not asked for"),
        (b"\x30\x01\x00", "begins with 0x30 and has 1 bytes"),
        (b"\x30\x03\x00\x02t", "a message without a whole topic"),
        (b"\x32\x04\x00\x01t\x01", "at QoS 1 without a packet identifier"),
        (b"\x32\x05\x00\x01t\x00\x00", "at QoS 1 without a packet identifier"),
        (b"\x30\x91\x03", "a packet of 401 bytes, at most 400 are taken"),
        (b"\x30\xff\xff\xff\x7f", "a packet of 268,435,455 bytes, at most 400 are taken"),
        (b"\x30\xff\xff\xff\xff", "a packet whose length is longer than 4 bytes"),
        (b"\xd0\x01", "a packet of 1 bytes, at most 0 are taken"),
        (b"\x40\x03", "a packet of 3 bytes, at most 2 are taken"),
        (b"\x40\x02\x00\x00", "begins with 0x40 and makes no sense"),
        (b"\x90\x03\x00\x01\x03", "begins with 0x90 and makes no sense"),
        (b"\x90\x03\x00\x02\x01", "begins with 0x90 and makes no sense"),
        (b"\x20\x02\x00\x00", "begins with 0x20, which is not expected"),
        (b"\x50\x02\x00\x01", "begins with 0x50, which is not expected"),
    ],
)
def test_what_is_not_understood_is_told(packet: bytes, why: str) -> None:
    assert why in Heard([GREETING + packet]).stream.violation


@pytest.mark.parametrize("first", [b"H", b"\x30\x03\x00\x01t", PONG, b"\x20\x02\x02\x00"])
def test_before_its_answer_to_our_greeting_a_broker_says_nothing_else(first: bytes) -> None:
    assert Heard([first]).stream.violation


def test_messages_to_one_who_has_not_subscribed_are_not_understood() -> None:
    stream = PacketStream(LONGEST)
    stream.feed(GREETING + publish(b"body"))
    assert [packet.kind for packet in stream.take(None)] == [CONNACK]
    assert "begins with 0x30, which is not expected" in stream.violation


def test_answers_come_in_their_order() -> None:
    stream = GREETING + b"\x90\x04\x00\x01\x00\x01" + publish(b"1") + PONG + b"\x40\x02\x01\x02"
    heard = Heard([stream])
    assert [packet.kind for packet in heard.others] == [CONNACK, SUBACK, PINGRESP, PUBACK]
    assert list(heard.others[1].codes) == [0, 1]
    assert heard.others[3].mid == 0x0102


def test_a_long_packet_that_comes_in_drops_takes_no_more_memory_than_it_has_bytes() -> None:
    size = 2_000_000
    stream, body = PacketStream(size + 100), b"x" * size
    stream.feed(GREETING)
    stream.take(None)
    packet = publish(body)
    tracemalloc.start()
    try:
        for at in range(0, size, 50):
            stream.feed(packet[at : at + 50])
            stream.take(inbox())
        assert stream.unread == size
        assert tracemalloc.get_traced_memory()[1] < 2.5 * size  # a growing buffer is copied now and then
    finally:
        tracemalloc.stop()


def test_messages_that_are_read_at_once_came_at_that_time() -> None:
    clock, stream = FakeClock(), PacketStream(LONGEST)
    box = inbox(clock=clock)
    began = clock.now_us()
    stream.feed(GREETING)
    stream.take(box)
    for _ in range(2):
        clock.advance(1.0)
        box.note_time()
        stream.feed(publish(b"1") + publish(b"2"))
        stream.take(box)
    assert [each.received_us - began for each in box.uplinks] == [1_000_000, 1_000_000, 2_000_000, 2_000_000]
