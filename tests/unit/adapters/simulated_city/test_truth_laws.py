"""Laws of the truth, whatever the settings."""

from collections import Counter

import msgspec
from hypothesis import given
from hypothesis import settings as hypothesis_settings

from adapters.simulated_city import SimulatedCitySettings, TruthInMemory
from domain.observation import Kind
from domain.observation.catalogue import MEASURANDS
from domain.observation.channel import channel
from tests.unit.adapters.simulated_city.cities import any_settings, whole_run


def everything(chosen: SimulatedCitySettings) -> tuple[Counter[str], TruthInMemory]:
    """Return how many messages of each kind there were, and the truth."""
    messages, truth = whole_run(chosen)
    return Counter(topic.rsplit("/", 1)[1] for topic, _ in messages), truth


@given(any_settings())
@hypothesis_settings(deadline=None, max_examples=60)
def test_every_frame_sent_was_received_or_is_missing(chosen: SimulatedCitySettings) -> None:
    _, truth = everything(chosen)
    for told in truth.devices.values():
        for session in told.sessions:
            assert session.last - 0 + 1 == session.received + session.missing
            assert session.sent == session.received + session.missing + session.dropped + session.unclaimed
            assert min(session.missing, session.unclaimed, session.dropped) >= 0
            assert session.late <= session.received
            assert session.empty + session.undecodable <= session.received
    sessions = [session for told in truth.devices.values() for session in told.sessions]
    assert sum(session.sent for session in sessions) == chosen.uplinks


@given(any_settings())
@hypothesis_settings(deadline=None, max_examples=60)
def test_every_message_is_a_join_a_frame_a_repeat_or_poison(chosen: SimulatedCitySettings) -> None:
    kinds, truth = everything(chosen)
    sessions = [session for told in truth.devices.values() for session in told.sessions]
    assert kinds["join"] + kinds["activations"] == sum(not session.is_reset for session in sessions)
    assert kinds["log"] == sum(session.logged for session in sessions)
    broken = sum(poison.broken == "envelope" for poison in truth.poison)
    assert kinds["up"] == broken + sum(told.received + told.duplicate for told in truth.devices.values())


@given(any_settings())
@hypothesis_settings(deadline=None, max_examples=60)
def test_every_reading_is_of_the_catalogue_and_has_its_exponent(chosen: SimulatedCitySettings) -> None:
    _, truth = everything(chosen)
    for reading in truth.readings:
        assert channel(reading.channel) == reading.channel
        row = MEASURANDS[reading.measurand]
        assert reading.exponent == (row.exponent if row.kind is Kind.REGISTER else 0)


@given(any_settings())
@hypothesis_settings(deadline=None, max_examples=30)
def test_the_truth_does_not_depend_on_who_listens(chosen: SimulatedCitySettings) -> None:
    messages, _ = whole_run(chosen)
    again, _ = whole_run(msgspec.structs.replace(chosen, name="another"))
    assert messages == again
