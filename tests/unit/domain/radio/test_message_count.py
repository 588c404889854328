"""The cross-check with the device's own count of messages."""

from domain.radio.message_count import Counted, disagreements


def test_counts_that_go_on_together_agree() -> None:
    assert disagreements([Counted(10, 100), Counted(11, 101), Counted(15, 105)], 65_536) == []


def test_a_count_may_start_again_at_its_modulus() -> None:
    assert disagreements([Counted(10, 254), Counted(13, 1)], 256) == []


def test_messages_beyond_the_frames_were_sent_and_not_told_of() -> None:
    (found,) = disagreements([Counted(10, 100), Counted(11, 105)], 65_536)
    assert found.unaccounted == 4


def test_frames_beyond_the_messages_carried_something_else() -> None:
    (found,) = disagreements([Counted(10, 100), Counted(13, 101)], 65_536)
    assert found.unaccounted == -2


def test_where_the_frame_counter_falls_nothing_is_compared() -> None:
    assert disagreements([Counted(10, 100), Counted(0, 200), Counted(1, 201)]) == []
