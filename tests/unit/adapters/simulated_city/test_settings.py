"""Settings that contradict themselves are named, all at once."""

import pytest

from adapters.simulated_city import SimulatedCity, SimulatedCitySettings
from domain.errors import InvalidValue
from tests.support.clock import FakeClock
from tests.unit.adapters.simulated_city.cities import settings


def test_the_defaults_are_the_demo() -> None:
    defaults = SimulatedCitySettings()
    assert (defaults.devices, defaults.rate, defaults.mistakes()) == (1_000, 200.0, [])


@pytest.mark.parametrize(
    "changed, named",
    [
        ({"fleets": ()}, "fleets"),
        ({"fleets": ("water", "water")}, "fleets"),
        ({"fleets": ("trams",)}, "fleets"),
        ({"devices": 2}, "devices"),
        ({"lost": 1.5}, "lost"),
        ({"late": -0.1}, "late"),
        ({"lost": 0.6, "repeated": 0.6}, "together"),
        ({"rate": -1.0}, "rate"),
        ({"interval_s": 0.0}, "interval_s"),
        ({"uplinks": -1}, "uplinks"),
        ({"start_ns": 1}, "start_ns"),
    ],
)
def test_a_mistake_is_named(changed: dict[str, object], named: str) -> None:
    (mistake,) = settings(**changed).mistakes()
    assert named in mistake


def test_all_mistakes_are_named_at_once() -> None:
    with pytest.raises(InvalidValue) as raised:
        SimulatedCity(settings(devices=0, lost=2.0, rate=-1.0), FakeClock())
    assert all(name in raised.value.message for name in ("devices", "lost", "rate"))
