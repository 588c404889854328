"""What a meter meters, and which register its bill is made from."""

from enum import StrEnum


class Medium(StrEnum):
    """What flows through a metering point."""

    ELECTRICITY = "electricity"
    WATER = "water"
    GAS = "gas"
    HEAT = "heat"


_BILLED = {
    Medium.ELECTRICITY: "electricity.energy.active.import",
    Medium.WATER: "water.volume",
    Medium.GAS: "gas.volume",
    Medium.HEAT: "heat.energy",
}


def billed_measurand(medium: Medium) -> str:
    """Return the register that consumption means where nothing else is asked for."""
    return _BILLED[medium]
