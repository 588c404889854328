"""What the administration may say of a device's registers."""

import pytest
from msgspec.structs import replace

from domain.device.entry_check import check_entry
from domain.errors import InvalidValue
from tests.unit.domain.device.test_device_entry import FULL


@pytest.mark.parametrize(
    "name", ["electricity.energy.active.import", "electricity.energy.active.import/t1", "water.flow/"]
)
def test_a_register_is_a_measurand_with_or_without_a_channel(name: str) -> None:
    check_entry(replace(FULL, registers={"1": name}))


@pytest.mark.parametrize("name", ["", "electricity", "electricity.energy.active.import/phase1", "/t1"])
def test_a_register_is_nothing_else(name: str) -> None:
    with pytest.raises(InvalidValue):
        check_entry(replace(FULL, registers={"1": name}))
