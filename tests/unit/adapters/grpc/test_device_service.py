"""DeviceService, asked by a real client."""

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from domain.device import Device, DeviceState, FrameSummary, LatestValue
from domain.identifiers import DevEui
from stadtfunk.api.device.v1 import device_pb2
from stadtfunk.api.device.v1.device_service_pb2 import (
    GetDeviceRequest,
    GetDeviceStateRequest,
    ListDevicesRequest,
    ListDevicesResponse,
)
from tests.support.builders import DEV, NOON_NS, NS, a_device, a_device_state
from tests.unit.adapters.grpc.platform import Platform, explained

NOON = Timestamp(seconds=NOON_NS // NS)


async def listed(platform: Platform, page_size: int = 0, page_token: str = "", **fields: str) -> ListDevicesResponse:
    """List devices."""
    request = ListDevicesRequest(page_size=page_size, page_token=page_token, **fields)
    return await platform.devices.ListDevices(request)


class TestGetDevice:
    async def test_a_device_says_all_that_is_known_of_it(self, platform: Platform) -> None:
        noon_us = NOON_NS // 1_000
        device = Device(DEV, noon_us + 1, "bosch_tps110", "swu", "app", "spot-1", noon_us, {"firmware": "1.2"})
        await platform.registry.register([device])
        assert await platform.devices.GetDevice(GetDeviceRequest(name=f"devices/{DEV}")) == device_pb2.Device(
            name=f"devices/{DEV}",
            device_type="bosch_tps110",
            source="swu",
            application_id="app",
            device_id="spot-1",
            create_time=NOON,
            update_time=Timestamp(seconds=NOON.seconds, nanos=1_000),
            attributes={"firmware": "1.2"},
        )

    async def test_a_dev_eui_may_be_written_in_capitals(self, platform: Platform) -> None:
        await platform.registry.register([a_device()])
        found = await platform.devices.GetDevice(GetDeviceRequest(name=f"devices/{DEV.upper()}"))
        assert found.name == f"devices/{DEV}"

    async def test_an_unknown_device_is_not_found(self, platform: Platform) -> None:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await platform.devices.GetDevice(GetDeviceRequest(name=f"devices/{DEV}"))
        told = explained(refused.value)
        assert (told.code, told.reason) == (grpc.StatusCode.NOT_FOUND, "NOT_FOUND")

    @pytest.mark.parametrize("name", ["", DEV, "devices/", "devices/-", f"devices/{DEV}0", f"devices/{DEV}/state"])
    async def test_a_bad_name_is_refused(self, platform: Platform, name: str) -> None:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await platform.devices.GetDevice(GetDeviceRequest(name=name))
        told = explained(refused.value)
        assert (told.code, told.fields) == (grpc.StatusCode.INVALID_ARGUMENT, ["name"])


class TestListDevices:
    async def test_devices_come_by_their_dev_eui(self, platform: Platform) -> None:
        await platform.registry.register([a_device(f"{number:016x}") for number in (3, 1, 2)])
        found = (await listed(platform)).devices
        assert [device.name[-1] for device in found] == ["1", "2", "3"]

    async def test_one_type_can_be_chosen(self, platform: Platform) -> None:
        await platform.registry.register([a_device(), a_device("00000000000000aa", device_type="nas_um30xx")])
        [found] = (await listed(platform, device_type="nas_um30xx")).devices
        assert found.device_type == "nas_um30xx"

    async def test_there_may_be_none(self, platform: Platform) -> None:
        assert await listed(platform) == ListDevicesResponse()

    async def test_pages_are_full_while_there_are_more(self, platform: Platform) -> None:
        await platform.registry.register([a_device(f"{number:016x}") for number in range(5)])
        first = await listed(platform, page_size=2)
        second = await listed(platform, page_size=2, page_token=first.next_page_token)
        third = await listed(platform, page_size=2, page_token=second.next_page_token)
        assert [len(page.devices) for page in (first, second, third)] == [2, 2, 1]
        assert third.next_page_token == ""

    async def test_a_page_size_below_zero_is_refused(self, platform: Platform) -> None:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await listed(platform, page_size=-1)
        assert explained(refused.value).fields == ["page_size"]

    async def test_a_token_belongs_to_its_request(self, platform: Platform) -> None:
        await platform.registry.register([a_device(f"{number:016x}") for number in range(3)])
        token = (await listed(platform, page_size=1)).next_page_token
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await listed(platform, page_token=token, device_type="bosch_tps110")
        assert explained(refused.value).fields == ["page_token"]


class TestGetDeviceState:
    async def test_a_state_has_counts_and_latest_readings(self, platform: Platform) -> None:
        frames = FrameSummary("swu", 10, 2, 3, 4, 5, 6, 7, 8, 9, 41)
        latest = LatestValue("electricity.energy.active.import", "t1", NOON_NS, 2**60 + 1, -4)
        state = DeviceState(DEV, NOON_NS // 1_000, "imst_ioke868", "app", "meter-1", NOON_NS, (frames,), (latest,))
        await platform.states.write([state])
        found = await platform.devices.GetDeviceState(GetDeviceStateRequest(name=f"devices/{DEV}/state"))
        assert found.name == f"devices/{DEV}/state"
        assert (found.last_seen_time, found.update_time) == (NOON, NOON)
        assert list(found.frame_counts) == [
            device_pb2.FrameCounts(
                source="swu",
                received_count=10,
                missing_count=2,
                duplicate_count=3,
                redelivered_count=4,
                late_count=5,
                empty_count=6,
                undecodable_count=7,
                break_count=8,
                session_count=9,
                last_f_cnt=41,
            )
        ]
        [reading] = found.latest_readings
        assert (reading.measurand, reading.channel) == ("electricity.energy.active.import", "t1")
        assert (reading.unit, reading.event_time) == ("W.h", NOON)
        assert reading.value.register_value.unscaled == 2**60 + 1

    async def test_a_device_that_only_joined_has_no_last_counter(self, platform: Platform) -> None:
        joined = FrameSummary("swu", 0, 0, 0, 0, 0, 0, 0, 0, 0, -1)
        await platform.states.write([DeviceState(DEV, 1, "", "app", "spot", 0, (joined,), ())])
        found = await platform.devices.GetDeviceState(GetDeviceStateRequest(name=f"devices/{DEV}/state"))
        assert not found.frame_counts[0].HasField("last_f_cnt")
        assert not found.HasField("last_seen_time")

    async def test_a_device_never_heard_is_not_found(self, platform: Platform) -> None:
        await platform.states.write([a_device_state(DevEui("00000000000000aa"))])
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await platform.devices.GetDeviceState(GetDeviceStateRequest(name=f"devices/{DEV}/state"))
        assert explained(refused.value).code is grpc.StatusCode.NOT_FOUND

    @pytest.mark.parametrize("name", ["", f"devices/{DEV}", "devices/12/state", f"devices/{DEV}/states"])
    async def test_a_bad_name_is_refused(self, platform: Platform, name: str) -> None:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await platform.devices.GetDeviceState(GetDeviceStateRequest(name=name))
        told = explained(refused.value)
        assert (told.code, told.fields) == (grpc.StatusCode.INVALID_ARGUMENT, ["name"])
