"""Laws of the frame account, over generated histories."""

from dataclasses import dataclass
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from domain.radio import Activation, Uplink, runs
from tests.support.builders import an_activation, an_uplink
from tests.unit.domain.radio.accounts import after as played


@dataclass(frozen=True)
class History:
    """Frames of one device that were received, each once, and how many of each session were not."""

    frames: tuple[Uplink, ...]
    missing: int


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Return up to three sessions of up to twenty frames; the first and the last of each are received."""
    frames: list[Uplink] = []
    missing = 0
    clock = 0.0
    for session in range(draw(st.integers(1, 3))):
        length = draw(st.integers(1, 20))
        lost = draw(st.sets(st.integers(0, length - 1))) - {0, length - 1}
        start = draw(st.integers(0, 5))
        for n in range(length):
            clock += draw(st.floats(10, 1_000))
            if n not in lost:
                frames.append(an_uplink(start + n, session=f"session-{session}", seconds=clock, payload=bytes([n])))
        missing += len(lost)
    return History(tuple(frames), missing)


@given(histories())
def test_received_and_missing_equal_the_truth(history: History) -> None:
    known = played(*history.frames)
    assert known.counts.received == len(history.frames)
    assert known.missing == history.missing


@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_neither_received_nor_missing(history: History, chance: Random) -> None:
    shuffled = list(history.frames)
    chance.shuffle(shuffled)
    known = played(*shuffled)
    assert (known.counts.received, known.missing) == (len(history.frames), history.missing)


@given(histories(), st.data())
def test_repetition_by_a_transport_changes_neither_received_nor_missing(history: History, data: st.DataObject) -> None:
    repeated = data.draw(st.lists(st.sampled_from(history.frames), max_size=10))
    known = played(*history.frames, *repeated)
    assert (known.counts.received, known.missing) == (len(history.frames), history.missing)
    assert known.counts.redelivered + known.counts.duplicate == len(repeated)


@given(histories())
def test_last_less_first_plus_one_is_received_plus_missing_in_every_segment(history: History) -> None:
    for segment in played(*history.frames).segments:
        assert segment.missing == sum(run.missing for run in runs.unpacked(segment.missing_runs))
        assert segment.last - segment.first + 1 == segment.received + segment.missing
        assert segment.missing >= 0


@st.composite
def days(draw: st.DrawFn) -> tuple[list[Uplink | Activation], int, int]:
    """Return up to eight sessions of a device, as they happened, how many frames were received and how many missing.

    Some frames are lost, the first of a session among them, and some deliveries repeated, minutes or hours later.
    """
    is_named = draw(st.booleans())
    happened: list[Uplink | Activation] = []
    received = missing = 0
    clock = 0.0
    for session in range(draw(st.integers(1, 8))):
        clock += draw(st.floats(100, 5_000))
        name = f"session-{session}" if is_named else ""
        happened.append(an_activation(name, clock))
        heard = sorted(draw(st.sets(st.integers(0, 15), min_size=1, max_size=10)))
        for f_cnt in heard:
            clock += draw(st.floats(60, 1_000))
            happened.append(an_uplink(f_cnt, session=name, seconds=clock, payload=bytes([f_cnt])))
            if draw(st.integers(0, 4)) == 0:
                happened.append(draw(st.sampled_from(happened)))
        received += len(heard)
        missing += heard[-1] + 1 - len(heard)
    return happened, received, missing


@given(days())
def test_what_is_delivered_again_hours_and_sessions_later_changes_neither_received_nor_missing(
    day: tuple[list[Uplink | Activation], int, int],
) -> None:
    happened, received, missing = day
    known = played(*happened)
    assert (known.counts.received, known.missing) == (received, missing)
    assert known.counts.breaks == 0


@given(histories(), st.data())
def test_joins_may_be_told_at_any_time(history: History, data: st.DataObject) -> None:
    messages: list[Uplink | Activation] = list(history.frames)
    claimed = 0
    for name in dict.fromkeys(frame.session for frame in history.frames):
        frames = [frame for frame in history.frames if frame.session == name]
        claimed += frames[0].f_cnt
        join = an_activation(name, 0)
        messages.insert(data.draw(st.integers(0, len(messages))), join)
    known = played(*messages)
    assert (known.counts.received, known.missing) == (len(history.frames), history.missing + claimed)
