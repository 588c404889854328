"""Which of the city's services a reading belongs to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.observation import MEASURANDS, Observation, Subject, part_of, parts_of, subject_of
from tests.support.builders import a_reading, an_observation

_readings = st.builds(a_reading, st.sampled_from([*MEASURANDS, "tomorrow.thing"]), st.sampled_from(["", "1", "2"]))
_observations = st.lists(_readings, min_size=1, max_size=6).map(lambda readings: an_observation(*readings))


def names(observation: Observation | None) -> list[str]:
    """Return the measurands in ``observation``."""
    return [reading.measurand for reading in observation.readings] if observation is not None else []


@pytest.mark.parametrize(
    "measurand,subject",
    [
        ("electricity.energy.active.import", Subject.ELECTRICITY),
        ("water.volume", Subject.WATER),
        ("heat.energy", Subject.HEAT),
        ("gas.volume", Subject.GAS),
        ("parking.occupied", Subject.PARKING),
        ("lamp.on", Subject.LAMPS),
        ("position", Subject.POSITIONS),
        ("motion.moving", Subject.POSITIONS),
        ("device.battery.level", Subject.DEVICES),
        ("radio.rssi", Subject.DEVICES),
        ("tomorrow.thing", Subject.DEVICES),
    ],
)
def test_a_measurand_belongs_to_a_service(measurand: str, subject: Subject) -> None:
    observation = an_observation(a_reading(measurand))
    assert subject_of(observation) is subject
    assert part_of(observation, subject) is observation


def test_what_a_device_says_of_itself_beside_its_reading_goes_with_it() -> None:
    observation = an_observation(a_reading("device.battery.level"), a_reading("water.volume"))
    assert part_of(observation, Subject.WATER) is observation
    assert part_of(observation, Subject.DEVICES) is None


def test_a_place_told_with_a_reading_is_a_position_nevertheless() -> None:
    observation = an_observation(a_reading("lamp.on"), a_reading("position"), a_reading("device.temperature"))
    assert names(part_of(observation, Subject.LAMPS)) == ["lamp.on", "device.temperature"]
    assert names(part_of(observation, Subject.POSITIONS)) == ["position"]


def test_an_observation_without_readings_is_nobodys() -> None:
    observation = Observation(an_observation().dev_eui, 0, 0, ())
    assert [part_of(observation, subject) for subject in Subject] == [None] * len(Subject)


@given(_observations)
def test_every_reading_has_exactly_one_subject(observation: Observation) -> None:
    parts = [each for subject in Subject for each in parts_of([observation], subject)]
    assert sorted(map(repr, observation.readings)) == sorted(repr(each) for part in parts for each in part.readings)
    heads = {(part.dev_eui, part.event_ns, part.written_us, part.decoder, part.f_cnt) for part in parts}
    assert len(heads) == 1
