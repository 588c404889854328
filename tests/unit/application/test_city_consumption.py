"""The simulated city's meters: what was truly used comes out, and every exchanged meter opens its case."""

import pytest

from adapters.simulated_city import SimulatedCitySettings, TruthInMemory
from application.consumption import Between
from application.register_choice import RegisterChoice
from domain.device import device_state
from domain.identifiers import DevEui
from domain.meter import ExchangeCase, Grain, Medium, MeterId, PointId, Reason, Status
from tests.unit.adapters.simulated_city.cities import calm, whole_run
from tests.unit.adapters.simulated_city.test_truth_against_step import Platform
from tests.unit.application.metering import CHOICE, Metering
from tests.unit.domain.meter.points import BERLIN, DAY, NS

MEDIA = {"electricity": Medium.ELECTRICITY, "water": Medium.WATER}
_SENDING_NS = 5 * NS
"""The city tells an exchange by the time of the frame, which a device reads for a few seconds before."""
REGISTERS = {"electricity": "electricity.energy.active.import", "water": "water.volume"}


class City(Metering):
    """A run of the simulated city's meters, decoded and stored, with a metering point for each."""

    def __init__(self, fleet: str, settings: SimulatedCitySettings) -> None:
        super().__init__()
        messages, self.truth = whole_run(settings)
        self.fleet = fleet
        self.processed = Platform(messages)

    async def open(self) -> "City":
        """Store everything; each meter is registered by the number it was first called."""
        await self.store.write(self.processed.observations)
        await self.states.write([device_state(memory) for memory in self.processed.memory.values()])
        for dev_eui, serial in first_numbers(self.truth).items():
            await self.meter(
                PointId(dev_eui),
                MeterId(f"m-{dev_eui}"),
                DevEui(dev_eui),
                medium=MEDIA[self.fleet],
                serials=(serial,),
                since_ns=0,
            )
        return self

    def true_registers(self, dev_eui: str) -> dict[str, dict[int, int]]:
        """Return what each register of the meter truly showed, by time."""
        found: dict[str, dict[int, int]] = {}
        for each in self.truth.readings:
            if each.dev_eui == dev_eui and each.measurand == REGISTERS[self.fleet] and isinstance(each.value, int):
                found.setdefault(each.channel.replace("pulse1", ""), {})[each.event_ns] = each.value
        return found

    async def cases(self) -> list[ExchangeCase]:
        """Return all open cases."""
        return list((await self.exchanges.page(size=1_000)).cases)


def first_numbers(truth: TruthInMemory) -> dict[str, str]:
    """Return what each meter is called first."""
    numbers: dict[str, str] = {}
    for each in sorted(truth.readings, key=lambda reading: reading.event_ns):
        if each.measurand == "meter.identity":
            numbers.setdefault(each.dev_eui, str(each.value))
    return numbers


@pytest.mark.parametrize("fleet", sorted(MEDIA))
async def test_without_an_exchange_every_bucket_is_measured_and_adds_up_to_the_truth(fleet: str) -> None:
    city = await City(fleet, calm(fleets=(fleet,), devices=8, uplinks=3_000, interval_s=900.0)).open()
    assert await city.cases() == []
    for dev_eui in first_numbers(city.truth):
        for channel, registers in city.true_registers(dev_eui).items():
            first, last = min(registers), max(registers)
            between = Between(first, last, BERLIN, Grain.HOUR)
            hours = await city.consumption.of(PointId(dev_eui), between, RegisterChoice(DAY, channel=channel))
            assert {each.status for each in hours} == {Status.MEASURED}
            assert sum(each.value or 0 for each in hours) == registers[last] - registers[first]


@pytest.mark.parametrize("fleet", sorted(MEDIA))
async def test_every_exchanged_meter_opens_a_case_that_bounds_the_exchange(fleet: str) -> None:
    city = await City(fleet, calm(fleets=(fleet,), devices=8, uplinks=3_000, interval_s=900.0, exchanges=1.0)).open()
    exchanged = {each.subject: each.at_ns for each in city.truth.incidents if each.what == "meter_exchange"}
    cases = {str(case.dev_eui): case for case in await city.cases()}
    assert exchanged
    assert cases.keys() == exchanged.keys()
    for dev_eui, case in cases.items():
        assert case.earliest_ns - _SENDING_NS <= exchanged[dev_eui] <= case.latest_ns + _SENDING_NS
        until_ns = max(max(registers) for registers in city.true_registers(dev_eui).values())
        since, *_ = await city.consumption.of(PointId(dev_eui), Between(exchanged[dev_eui], until_ns, BERLIN), CHOICE)
        assert Reason.METER_CONTRADICTED in since.reasons
        assert not since.billable
