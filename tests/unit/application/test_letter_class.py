"""Whose business a message is that nobody can read."""

import pytest

from application.processing.letters import held_class
from application.processing.outcome import Outcome
from tests.support.builders import an_uplink
from tests.unit.application.stepping import stepped


def after(*measurands: str, said: str = "") -> str:
    """Return the class of a letter of a device that has said ``measurands``."""
    return held_class(tuple((each, "", 1, 1, 0, "measured") for each in measurands), said)


@pytest.mark.parametrize(
    "measurands, expected",
    [
        ((), "meter_personal"),
        (("device.battery_voltage",), "meter_personal"),
        (("parking.occupied",), "occupancy"),
        (("parking.occupied", "electricity.energy.active.import"), "meter_personal"),
        (("parking.occupied", "position"), "location"),
        (("never.heard.of",), "meter_personal"),
    ],
)
def test_it_is_of_the_strictest_class_that_its_device_has_said(measurands: tuple[str, ...], expected: str) -> None:
    assert after(*measurands) == expected


def test_the_registry_has_its_say() -> None:
    assert after("electricity.energy.active.import", said="infrastructure") == "infrastructure"


def test_a_letter_carries_the_class() -> None:
    first: Outcome = stepped([an_uplink(0, payload=b"\x01")])
    memory = dict(first.memory)
    (spot,) = stepped([an_uplink(1, payload=b"\x09")], memory, first=1).dead_letters
    (stranger,) = stepped([an_uplink(1, payload=b"\x09")]).dead_letters
    assert (spot.data_class, stranger.data_class) == ("occupancy", "meter_personal")
