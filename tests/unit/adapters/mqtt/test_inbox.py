"""What has arrived is bounded, and each message stays with the connection that it came on."""

from adapters.mqtt.inbox import Inbox
from application.ports.uplink_log import RawUplink
from tests.unit.adapters.mqtt.inboxes import Acknowledged, inbox


def arrived(box: Inbox, *bodies: bytes, mid: int = 1) -> None:
    """Let messages arrive, as a stream of packets does."""
    for body in bodies:
        box.uplinks.append(RawUplink("swu", "tts", "t", body, 0))
        box.mids.append(mid)
    box.note(len(bodies), sum(map(len, bodies)))


def test_a_delivery_is_of_one_connection() -> None:
    box, later, last = inbox(), Acknowledged(), Acknowledged()
    arrived(box, b"1", b"2", mid=1)
    box.open(later)
    box.open(last)  # on the one between nothing came
    arrived(box, b"3", mid=1)
    first, one = box.take(10)
    second, other = box.take(10)
    assert ([each.body for each in first], [each.body for each in second]) == ([b"1", b"2"], [b"3"])
    assert one.connection is not other.connection
    assert other.connection is last
    assert (one.mids, other.mids) == ([1, 1], [1])


def test_no_more_is_taken_than_asked_for() -> None:
    box = inbox()
    arrived(box, b"1", b"2", b"3")
    assert [len(box.take(2)[0]), len(box.take(2)[0])] == [2, 1]
    assert not box


def test_it_is_full_of_messages() -> None:
    box = inbox(most_messages=2)
    arrived(box, b"")
    assert (box.full, box.room[0]) == (False, 1)
    arrived(box, b"")
    assert box.full
    box.take(1)
    assert not box.full


def test_it_is_full_of_bytes() -> None:
    box = inbox(most_bytes=10)
    arrived(box, b"123456789")
    assert (box.full, box.room[1]) == (False, 1)
    arrived(box, b"10")
    assert box.full
    box.take(1)
    assert not box.full


def test_what_came_at_qos_0_is_not_to_be_acknowledged() -> None:
    box = inbox()
    arrived(box, b"1", mid=0)
    arrived(box, b"2", mid=9)
    assert box.take(10)[1].mids == [9]
