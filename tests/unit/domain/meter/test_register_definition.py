"""What may be said of a counter."""

import pytest

from domain.errors import InvalidValue
from domain.meter import Ratio, check_definition
from tests.unit.domain.meter.points import START, a_definition


@pytest.mark.parametrize(
    "changed",
    [
        {"measurand": "water.flow"},
        {"measurand": "water"},
        {"source": "meter.identity"},
        {"factor": Ratio(0)},
        {"factor": Ratio(1, -3)},
        {"current_ratio": Ratio(250, 0)},
        {"direction": "sideways"},
        {"modulus": -1},
        {"resolution": 0},
        {"index_raw": -1},
        {"register_channel": "nowhere"},
        {"valid_from_ns": -1},
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused(changed: dict[str, object]) -> None:
    check_definition(a_definition())
    with pytest.raises(InvalidValue):
        check_definition(a_definition(**changed))


def test_a_third_of_a_litre_a_pulse_is_a_thousand_thirds_of_the_registers_step() -> None:
    assert a_definition(factor=Ratio(1, 3)).scale() == Ratio(1_000, 3)


def test_a_finer_source_is_brought_to_the_registers_step() -> None:
    in_tenths = a_definition(source="electricity.energy.active.import", measurand="heat.energy", factor=Ratio(3_600))
    assert in_tenths.scale() == Ratio(9, 25)


def test_versions_of_a_definition_are_told_apart_by_their_start() -> None:
    assert a_definition().key == "70b3d5e75e000001/meter.pulse_count/pulse1/2025-12-31T23:00:00Z"
    assert a_definition(START + 1).key != a_definition().key
    assert a_definition(index=5).key == a_definition().key
