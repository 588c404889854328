"""Laws of the step: a batch may be cut anywhere, and what was done is never done again."""

from hypothesis import given
from hypothesis import strategies as st

from application.processing.outcome import Outcome
from domain.device import DeviceMemory
from domain.radio import Message
from tests.support.builders import an_activation, an_uplink
from tests.unit.application.stepping import stepped

_DEVICES = ["00000000000000aa", "00000000000000bb"]


@st.composite
def streams(draw: st.DrawFn) -> list[Message]:
    """Return messages of two devices: joins, uplinks good and bad, in any order, some twice."""
    uplinks = st.builds(
        an_uplink,
        st.integers(0, 12),
        dev_eui=st.sampled_from(_DEVICES),
        session=st.sampled_from(["session-1", "session-2"]),
        payload=st.binary(max_size=1),
    )
    joins = st.builds(an_activation, st.sampled_from(["session-1", "session-2"]), dev_eui=st.sampled_from(_DEVICES))
    return draw(st.lists(st.one_of(uplinks, joins), min_size=1, max_size=30))


def results(*outcomes: Outcome) -> tuple[list[object], ...]:
    """Return everything that came out but the states, of which a batch keeps only the last."""
    return (
        [each for outcome in outcomes for each in outcome.observations],
        [each for outcome in outcomes for each in outcome.dead_letters],
        [each for outcome in outcomes for each in outcome.connections],
        [each for outcome in outcomes for each in outcome.devices],
        [each for outcome in outcomes for each in outcome.activations],
    )


@given(streams(), st.data())
def test_where_a_stream_is_cut_into_batches_changes_nothing(stream: list[Message], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(stream)))
    whole = stepped(stream)
    first = stepped(stream[:cut])
    second = stepped(stream[cut:], first.memory, first=cut)
    memory: dict[str, DeviceMemory] = {**first.memory, **second.memory}
    assert memory == whole.memory
    assert results(first, second) == results(whole)


@given(streams(), st.data())
def test_a_replay_of_what_is_remembered_yields_nothing_but_its_count(
    stream: list[Message], data: st.DataObject
) -> None:
    done = stepped(stream)
    since = data.draw(st.integers(0, len(stream) - 1))
    again = stepped(stream[since:], done.memory, first=since)
    assert again.memory == {}
    assert again.counts.redelivered == len(stream) - since


@given(streams())
def test_every_message_is_accounted_for(stream: list[Message]) -> None:
    counts = stepped(stream).counts
    assert counts.came_in == len(stream)
    assert counts.in_flight == 0
