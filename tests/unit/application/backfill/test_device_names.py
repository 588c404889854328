"""Names of devices, for stored messages that do not say whose they are."""

from collections.abc import Sequence

import pytest

from adapters.memory.device_registry import MemoryDeviceRegistry
from application.backfill import RegistryNames
from application.errors import Unavailable
from domain.device import Device
from domain.identifiers import DevEui
from tests.support.clock import FakeClock

OLD, NEW = DevEui("70b3d57ed00000ff"), DevEui("70b3d57ed0000001")


class FlakyRegistry(MemoryDeviceRegistry):
    """Does not answer the first question."""

    def __init__(self) -> None:
        super().__init__()
        self._is_away = True

    async def page(self, *, size: int, after: str = "", device_type: str = "") -> Sequence[Device]:
        if self._is_away:
            self._is_away = False
            raise Unavailable("the registry does not answer")
        return await super().page(size=size, after=after, device_type=device_type)


def called(device: DevEui, name: str = "meter-17", *, registered_us: int = 1, source: str = "swu") -> Device:
    """Return a device of that name."""
    return Device(device, 1, source=source, application_id="swu-water", device_id=name, registered_us=registered_us)


async def test_after_a_registry_that_did_not_answer_nobody_is_taken_for_unknown() -> None:
    registry = FlakyRegistry()
    await registry.register([called(NEW)])
    names = RegistryNames(registry, FakeClock(), "swu")
    with pytest.raises(Unavailable):
        await names.dev_eui("swu-water", "meter-17")
    assert await names.dev_eui("swu-water", "meter-17") == NEW


async def test_a_name_that_went_to_another_device_is_that_ones() -> None:
    registry, clock = MemoryDeviceRegistry(), FakeClock()
    names = RegistryNames(registry, clock, "swu")
    await registry.register([called(OLD)])
    assert await names.dev_eui("swu-water", "meter-17") == OLD
    await registry.register([called(NEW, registered_us=2)])
    clock.advance(601)
    assert await names.dev_eui("swu-water", "meter-17") == NEW


async def test_names_of_other_sources_and_no_names_are_nobodys() -> None:
    registry = MemoryDeviceRegistry()
    await registry.register([called(OLD, source="other"), called(NEW, name="")])
    names = RegistryNames(registry, FakeClock(), "swu")
    assert (await names.dev_eui("swu-water", "meter-17"), await names.dev_eui("swu-water", "")) == ("", "")
