"""Who takes our place again and again has our name."""

import pytest

from adapters.kafka.takeovers import Takeovers
from application.errors import Fenced


class Seconds:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_same_generation_three_times_more_proves_another_process_of_our_name() -> None:
    takeovers = Takeovers("replica-0", Seconds())
    for _ in range(3):
        takeovers.note(7)
    with pytest.raises(Fenced, match=r"took our place in the group 3 times: give each its own kafka\.instance_id"):
        takeovers.note(7)


def test_a_growing_generation_is_a_rebalance(caplog: pytest.LogCaptureFixture) -> None:
    takeovers = Takeovers("replica-0", Seconds())
    for generation in range(10):
        takeovers.note(generation)
    assert caplog.messages == []


def test_the_first_time_is_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    takeovers = Takeovers("replica-0", Seconds())
    takeovers.note(7)
    takeovers.note(7)
    assert caplog.messages == ["our place in the group was taken: does another process use instance_id 'replica-0'?"]


def test_now_and_then_is_a_process_that_was_replaced() -> None:
    seconds = Seconds()
    takeovers = Takeovers("replica-0", seconds)
    for _ in range(10):
        takeovers.note(7)
        seconds.now += 61.0
