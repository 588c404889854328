"""What every registry of devices promises."""

import asyncio

import pytest

from application.errors import NotFound
from application.ports.device_registry import DeviceRegistry
from domain.device import Device
from domain.identifiers import DevEui
from tests.contract.devices import a_fresh_device
from tests.support.builders import a_device

US = 1_767_268_800_000_000


def euis(*numbers: int) -> list[DevEui]:
    """Return DevEUIs in the order of ``numbers``."""
    return [DevEui(f"{number:016x}") for number in numbers]


class DeviceRegistryContract:
    """Subclass with a fixture ``registry`` that returns an empty registry."""

    async def test_every_field_comes_back(self, registry: DeviceRegistry) -> None:
        device = Device(
            a_fresh_device(), US + 1, "imst_ioke868", "swu", "app", "zähler-1", US, {"serial": "ü1", "config.a": ""}
        )
        await registry.register([device])
        assert await registry.get(device.dev_eui) == device

    async def test_a_device_without_a_type_comes_back_as_it_is(self, registry: DeviceRegistry) -> None:
        device = Device(a_fresh_device(), US)
        await registry.register([device])
        assert await registry.get(device.dev_eui) == device

    async def test_an_unknown_device_is_not_found(self, registry: DeviceRegistry) -> None:
        with pytest.raises(NotFound):
            await registry.get(a_fresh_device())

    async def test_an_empty_batch_changes_nothing(self, registry: DeviceRegistry) -> None:
        await registry.register([])
        assert list(await registry.page(size=10)) == []

    async def test_of_two_versions_the_later_written_stays_in_whichever_order_they_come(
        self, registry: DeviceRegistry
    ) -> None:
        forth, back = a_fresh_device(), a_fresh_device()
        await registry.register([a_device(forth, US, "old")])
        await registry.register([a_device(forth, US + 1, "new")])
        await registry.register([a_device(back, US + 1, "new")])
        await registry.register([a_device(back, US, "old")])
        assert (await registry.get(forth)).device_type == "new"
        assert (await registry.get(back)).device_type == "new"

    async def test_within_one_batch_the_later_written_stays_too(self, registry: DeviceRegistry) -> None:
        device = a_fresh_device()
        await registry.register([a_device(device, US + 1, "new"), a_device(device, US, "old")])
        assert (await registry.get(device)).device_type == "new"

    async def test_attributes_of_an_older_version_do_not_shine_through(self, registry: DeviceRegistry) -> None:
        device = a_fresh_device()
        old = Device(device, US, "t", "swu", "app", "id", US, {"serial": "1", "firmware": "1"})
        new = Device(device, US + 1, "t", "swu", "app", "id", US, {"firmware": "2"})
        await registry.register([old])
        await registry.register([new])
        assert (await registry.get(device)).attributes == {"firmware": "2"}

    async def test_repeating_a_registration_changes_nothing(self, registry: DeviceRegistry) -> None:
        device = a_device(a_fresh_device())
        await registry.register([device])
        await registry.register([device, device])
        assert list(await registry.page(size=10)) == [device]

    async def test_a_page_goes_by_dev_eui(self, registry: DeviceRegistry) -> None:
        await registry.register([a_device(eui) for eui in euis(3, 1, 0xFFFFFFFFFFFFFFFF, 2)])
        page = await registry.page(size=10)
        assert [device.dev_eui for device in page] == euis(1, 2, 3, 0xFFFFFFFFFFFFFFFF)

    @pytest.mark.parametrize("size", [1, 2, 3, 7, 10])
    async def test_pages_join_without_gap_or_repeat(self, registry: DeviceRegistry, size: int) -> None:
        await registry.register([a_device(eui) for eui in euis(*range(1, 8))])
        found: list[str] = []
        while True:
            page = await registry.page(size=size, after=found[-1] if found else "")
            found.extend(device.dev_eui for device in page)
            if len(page) < size:
                break
        assert found == euis(*range(1, 8))

    async def test_a_page_of_one_type_is_full_while_there_are_more(self, registry: DeviceRegistry) -> None:
        await registry.register([a_device(eui, device_type=f"t{int(eui, 16) % 3}") for eui in euis(*range(1, 31))])
        first = await registry.page(size=6, device_type="t1")
        assert [device.dev_eui for device in first] == euis(1, 4, 7, 10, 13, 16)
        rest = await registry.page(size=6, after=first[-1].dev_eui, device_type="t1")
        assert [device.dev_eui for device in rest] == euis(19, 22, 25, 28)

    async def test_a_type_that_changed_is_found_under_its_new_name_only(self, registry: DeviceRegistry) -> None:
        [eui] = euis(1)
        await registry.register([a_device(eui, US, "old")])
        await registry.register([a_device(eui, US + 1, "new")])
        assert list(await registry.page(size=10, device_type="old")) == []
        assert [device.dev_eui for device in await registry.page(size=10, device_type="new")] == [eui]

    async def test_concurrent_registrations_are_all_kept(self, registry: DeviceRegistry) -> None:
        batches = [[a_device(eui) for eui in euis(*range(start, start + 10))] for start in range(1, 51, 10)]
        await asyncio.gather(*[registry.register(batch) for batch in batches])
        assert len(await registry.page(size=100)) == 50
