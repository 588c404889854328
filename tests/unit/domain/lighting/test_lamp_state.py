"""What is known of a lamp now."""

import pytest

from domain.lighting import LampState, Latest, lamp_state, register_channel
from domain.observation import Value

ENERGY, POWER = "electricity.energy.active.import", "electricity.power.active"


def state(*readings: tuple[str, str, Value], channel: str = "") -> LampState:
    """Return the state told by ``readings``, each newer than the one before."""
    return lamp_state({(name, of): Latest(at, value) for at, (name, of, value) in enumerate(readings)}, channel)


def test_of_what_was_said_of_a_lamp_and_of_all_the_newest_counts() -> None:
    said = ("lamp.dim_level", "dali3", 50.0), ("lamp.dim_level", "dali_all", 80.0), ("lamp.dim_level", "dali4", 10.0)
    assert state(*said, channel="dali3").dim_level == Latest(1, 80.0)
    assert state(*said, channel="dali4").dim_level == Latest(2, 10.0)


def test_whether_a_lamp_burns_follows_from_its_level_where_nobody_says() -> None:
    assert state(("lamp.dim_level", "", 0.0)).is_on == Latest(0, False)
    assert state(("lamp.dim_level", "", 30.0)).is_on == Latest(0, True)
    assert state(("lamp.on", "dali3", False), ("lamp.dim_level", "", 30.0)).is_on == Latest(0, False)
    assert state().is_on is None


def test_energy_is_metered_at_the_lamp_and_never_at_its_neighbour() -> None:
    said = (ENERGY, "internal", 900), (ENERGY, "dali3", 300), (ENERGY, "dali3.load", 200), (ENERGY, "dali4", 400)
    assert state(*said, channel="dali3").energy == Latest(1, 300)
    assert state(*said, channel="dali5").energy is None
    assert state(*said).energy == Latest(0, 900)


@pytest.mark.parametrize(
    "channels, chosen",
    [
        ({"internal", "dali9"}, "dali9"),
        ({"internal", "dali9", "dali9.load"}, "dali9"),
        ({"internal", "dali1", "dali2"}, "internal"),
        ({"dali1", "dali2"}, None),
        ({"analog", "internal"}, "analog"),
        ({""}, ""),
        (set(), None),
    ],
)
def test_the_only_lamp_of_a_controller_is_metered_as_near_to_it_as_can_be(
    channels: set[str], chosen: str | None
) -> None:
    assert register_channel(channels, "") == chosen


def test_a_driver_that_was_without_power_says_so() -> None:
    assert state(("device.status_word", "dali3", 0x84), channel="dali3").was_power_cycled
    assert not state(("device.status_word", "dali3", 0x04), channel="dali3").was_power_cycled


def test_power_and_on_time_are_shown_as_metered() -> None:
    found = state(
        (POWER, "internal", 42.0), ("lamp.on_time", "internal", 3_600), ("lamp.dim_level.commanded", "", 70.0)
    )
    assert (found.power, found.on_time, found.commanded) == (Latest(0, 42.0), Latest(1, 3_600), Latest(2, 70.0))
