"""The newest reading of each measurand and channel, whatever comes in which order."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from domain.device import LatestRows, LatestValue, latest_of, latest_values, with_latest
from domain.observation import Observation, Reading
from tests.support.builders import a_reading, an_observation

_SAID = st.builds(
    Reading,
    st.sampled_from(["parking.occupied", "device.temperature", "position"]),
    st.sampled_from(["", "ch1"]),
    st.integers(0, 9),
    st.just(0),
    st.sampled_from(["measured", "measured", "implausible"]),
)


@st.composite
def observations(draw: st.DrawFn) -> Observation:
    """Return what a device may say: the same again, less, more, in another order, of before, or twice at once."""
    return an_observation(*draw(st.lists(_SAID, min_size=1, max_size=6)), event_ns=draw(st.integers(1, 5)))


def remembered(said: Sequence[Observation]) -> LatestRows:
    """Return what is remembered of a device that said it."""
    rows: LatestRows = ()
    for each in said:
        rows = with_latest(rows, each)
    return rows


def channel(number: int) -> str:
    """Return one of 65,536 channels."""
    return f"ch{number // 256}.t{number % 256}"


@given(st.lists(observations(), max_size=8))
def test_each_is_the_last_of_those_with_the_newest_event_time_in_order_of_first_mention(
    said: list[Observation],
) -> None:
    newest: dict[tuple[str, str], LatestValue] = {}
    for each in said:
        for one in each.readings:
            known = newest.get((one.measurand, one.channel))
            is_nowhere = one.measurand == "position" and one.quality == "implausible"
            if not is_nowhere and (known is None or known.event_ns <= each.event_ns):
                newest[one.measurand, one.channel] = LatestValue(
                    one.measurand, one.channel, each.event_ns, one.value, one.exponent, one.quality
                )
    assert latest_values(remembered(said)) == tuple(newest.values())


def test_the_newest_reading_of_each_measurand_and_channel_is_remembered() -> None:
    known = remembered(
        [
            an_observation(a_reading(value=True), a_reading(channel="ch1"), event_ns=20),
            an_observation(a_reading(value=False), event_ns=10),
            an_observation(a_reading("device.temperature", value=1.0), event_ns=10),
        ]
    )
    assert [(each.measurand, each.channel, each.event_ns) for each in latest_values(known)] == [
        ("parking.occupied", "", 20),
        ("parking.occupied", "ch1", 20),
        ("device.temperature", "", 10),
    ]
    assert latest_of(known, "parking.occupied") == LatestValue("parking.occupied", "", 20, value=True)


def test_of_what_was_never_said_there_is_nothing() -> None:
    known = remembered([an_observation(a_reading(channel="ch1"))])
    assert latest_of(known, "parking.occupied", "ch2") is None
    assert latest_of(known, "parking.occupied") is None


def test_of_more_readings_than_any_device_has_the_newest_are_remembered() -> None:
    many = [an_observation(a_reading(channel=channel(n)), event_ns=n) for n in range(1_200)]
    known = remembered([an_observation(a_reading("device.temperature", value=1.0), event_ns=10_000), *many])
    assert len(known) == 1_000
    assert latest_of(known, "device.temperature") is not None
    assert min(each.event_ns for each in latest_values(known)) == 201
