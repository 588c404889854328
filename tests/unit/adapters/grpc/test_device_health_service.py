"""DeviceHealthService, asked by a real client."""

from collections.abc import AsyncIterator

import grpc
import pytest

from adapters.grpc.device_health_client import SilentDeviceAnswer
from domain.device import DeviceEntry
from domain.identifiers import DevEui
from domain.observation import Reading
from stadtfunk.api.device.v1.device_health_service_pb2 import ListSilentDevicesRequest
from stadtfunk.api.device.v1.device_health_service_pb2_grpc import DeviceHealthServiceStub
from tests.unit.adapters.grpc.city_platform import CityPlatform
from tests.unit.adapters.grpc.platform import explained
from tests.unit.application.city import at

HOUR_NS = 3_600_000_000_000


def eui(number: int) -> DevEui:
    """Return the DevEUI of a device by its number."""
    return DevEui(f"{number:016x}")


@pytest.fixture
async def city() -> AsyncIterator[CityPlatform]:
    """Serve five hourly devices of which the second was never heard and the others last eight hours ago."""
    async with CityPlatform().running() as city:
        for number in range(1, 6):
            await city.knows(DeviceEntry(eui(number), 1, zone="mitte", installed_ns=at(0), expected_interval_s=3_600))
            if number != 2:
                said = [
                    (100, Reading("device.battery.level", "", 42.0)),
                    (100, Reading("device.battery.voltage", "", 3.1)),
                    (100, Reading("device.battery.voltage", "min", 2.0)),
                ]
                await city.is_at(120, eui(number), said)
        yield city


async def test_a_silent_device_says_since_when_and_how_its_battery_was(city: CityPlatform) -> None:
    first, second, *_ = await city.health.list_silent_devices(limit=9)
    assert first == SilentDeviceAnswer(eui(1), "mitte", at(120), False, HOUR_NS, 42.0, 3.1)
    assert second == SilentDeviceAnswer(eui(2), "mitte", at(0), True, HOUR_NS, None, None)


async def test_who_speaks_is_not_silent(city: CityPlatform) -> None:
    await city.is_at(599, eui(1))
    assert [each.dev_eui for each in await city.health.list_silent_devices(limit=9)] == [eui(n) for n in range(2, 6)]


@pytest.mark.parametrize("size", [1, 2, 4, 5, 6])
async def test_pages_join_without_gap_or_repeat(city: CityPlatform, size: int) -> None:
    names: list[str] = []
    request = ListSilentDevicesRequest(page_size=size)
    async with grpc.aio.insecure_channel(f"127.0.0.1:{city.server.port}") as channel:
        stub = DeviceHealthServiceStub(channel)
        while True:
            page = await stub.ListSilentDevices(request)
            names += [each.device for each in page.silent_devices]
            request.page_token = page.next_page_token
            if not request.page_token:
                break
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await stub.ListSilentDevices(ListSilentDevicesRequest(page_size=-1))
    assert names == [f"devices/{eui(number)}" for number in range(1, 6)]
    assert explained(refused.value).fields == ["page_size"]


async def test_a_zone_has_its_own(city: CityPlatform) -> None:
    assert await city.health.list_silent_devices(limit=9, zone="ost") == []
    assert len(await city.health.list_silent_devices(limit=9, zone="mitte")) == 5
