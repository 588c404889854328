"""Fleets keep the proportions of the city they stand for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.simulated_city.fleets import FLEETS, shared_out
from tests.unit.adapters.simulated_city.cities import calm, whole_run

ALL = tuple(FLEETS)


def test_the_whole_city_has_the_planned_fleets() -> None:
    sizes = {fleet.name: size for fleet, size in shared_out(185_700, ALL)}
    assert sizes == {
        "electricity": 150_000,
        "water": 100,
        "parking": 5_000,
        "lamps": 30_000,
        "trackers": 200,
        "ultrasonic": 400,
    }


@pytest.mark.parametrize(
    "devices, expected", [(1_000, [967, 1, 32]), (3, [1, 1, 1]), (100, [96, 1, 3]), (15_510, [15_000, 10, 500])]
)
def test_a_small_city_keeps_the_proportions(devices: int, expected: list[int]) -> None:
    assert [size for _, size in shared_out(devices, ("electricity", "water", "parking"))] == expected


@given(st.integers(len(ALL), 200_000), st.sets(st.sampled_from(ALL), min_size=1))
def test_no_fleet_is_empty_and_no_device_is_lost(devices: int, names: set[str]) -> None:
    sizes = [size for _, size in shared_out(devices, sorted(names))]
    assert sum(sizes) == devices
    assert min(sizes) >= 1


def test_every_device_has_its_own_name() -> None:
    _, truth = whole_run(calm(devices=500, uplinks=1_000))
    assert len(truth.devices) == 500
    assert len({(device.application_id, device.device_id) for device in truth.devices.values()}) == 500
