"""The codes by which operators and billing know a reading."""

import pytest

from domain.errors import InvalidValue
from domain.observation import electricity_of, obis


@pytest.mark.parametrize(
    "name, channel, code",
    [
        ("electricity.energy.active.import", "", "1-0:1.8.0"),
        ("electricity.energy.active.import", "t1", "1-0:1.8.1"),
        ("electricity.energy.active.export", "ch2.t2", "1-2:2.8.2"),
        ("electricity.power.active", "sum", "1-0:16.7.0"),
        ("electricity.power.active", "l2", "1-0:56.7.0"),
        ("electricity.current", "ch3.n", "1-3:91.7.0"),
        ("water.volume", "", "8-0:1.0.0"),
        ("heat.energy", "", "6-0:1.0.0"),
        ("heat.temperature", "return", "6-0:11.0.0"),
        ("gas.volume", "", "7-0:3.0.0"),
        ("meter.identity", "", "1-0:96.1.0"),
    ],
)
def test_circuit_tariff_and_phase_are_parts_of_the_code(name: str, channel: str, code: str) -> None:
    assert obis(name, channel) == code


@pytest.mark.parametrize(
    "name, channel",
    [
        ("electricity.voltage", ""),
        ("electricity.energy.active.import", "l1"),
        ("electricity.energy.active.import", "dali4"),
        ("electricity.power.active", "t1"),
        ("heat.temperature", ""),
        ("device.battery.voltage", ""),
    ],
)
def test_there_is_none_for_what_no_code_names(name: str, channel: str) -> None:
    assert obis(name, channel) is None


def test_a_name_outside_the_catalogue_is_refused() -> None:
    with pytest.raises(InvalidValue):
        obis("electricity.energy", "")


@pytest.mark.parametrize(
    "what, how, expected",
    [
        (1, 8, ("electricity.energy.active.import", "")),
        (2, 8, ("electricity.energy.active.export", "")),
        (36, 7, ("electricity.power.active", "l1")),
        (91, 7, ("electricity.current", "n")),
        (1, 29, None),
    ],
)
def test_codes_of_electricity_meters_name_a_measurand_and_its_phase(
    what: int, how: int, expected: tuple[str, str] | None
) -> None:
    assert electricity_of(what, how) == expected
