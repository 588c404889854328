"""PositionService, asked by a real client."""

from collections.abc import AsyncIterator

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from application.errors import NotFound
from domain.device import DeviceEntry
from domain.identifiers import DevEui
from domain.observation import DataClass, Position, Reading
from domain.position import BestPosition
from stadtfunk.api.position.v1.position_service_pb2 import GetDevicePositionRequest, ListFixesRequest
from tests.support.builders import DEV, NOON_NS, NS
from tests.unit.adapters.grpc.city_platform import CityPlatform
from tests.unit.adapters.grpc.platform import explained
from tests.unit.application.city import at

EUI = DevEui(DEV)
WEINHOF = Position(483_960_000, 99_900_000, "surveyed", 478.5)


def place(source: str = "gnss", north: int = 0) -> Reading:
    """Return a position."""
    return Reading("position", "", Position(483_960_000 + north, 99_930_000, source))


@pytest.fixture
async def city() -> AsyncIterator[CityPlatform]:
    async with CityPlatform().running() as city:
        yield city


async def test_the_best_position_says_who_says_so(city: CityPlatform) -> None:
    await city.hears(0, place("gnss"))
    await city.hears(30, place("tdoa", 5))
    found = await city.positions.get_position(EUI)
    assert found.best == BestPosition(Position(483_960_000, 99_930_000, "gnss"), at(0), is_installed=False)
    assert (found.data_class, found.at_ns) == (DataClass.LOCATION, at(600))


async def test_an_installed_device_stands_where_it_was_surveyed(city: CityPlatform) -> None:
    await city.knows(DeviceEntry(EUI, 1, place=WEINHOF, data_class="infrastructure"))
    await city.hears(0, place("tdoa"))
    found = await city.positions.get_position(EUI)
    assert found.best == BestPosition(WEINHOF, None, is_installed=True)
    assert found.data_class is DataClass.INFRASTRUCTURE


async def test_nobody_may_know(city: CityPlatform) -> None:
    assert (await city.positions.get_position(EUI)).best is None
    assert await city.positions.list_fixes(EUI, since_ns=None, until_ns=None, limit=9) == []


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 9])
async def test_pages_of_a_track_join_without_gap_or_repeat(city: CityPlatform, size: int) -> None:
    for minute in range(5):
        await city.hears(minute, place("gnss", minute))
    await city.hears(1.5, place("gnss", 99), Reading("position.fix", "", False))
    seen: list[int] = []
    request = ListFixesRequest(parent=f"devices/{DEV}", page_size=size)
    while True:
        page = await city.position_stub.ListFixes(request)
        seen += [fix.position.latitude_e7 - 483_960_000 for fix in page.fixes]
        request.page_token = page.next_page_token
        if not request.page_token:
            break
    assert seen == [0, 1, 2, 3, 4]


async def test_a_long_track_comes_whole(city: CityPlatform) -> None:
    for number in range(1_200):
        await city.hears(number / 10, place("gnss", number), Reading("position.fix", "", True))
    fixes = await city.positions.list_fixes(EUI, since_ns=at(0), until_ns=at(600), limit=5_000)
    assert [fix.place.latitude - 483_960_000 for fix in fixes] == list(range(1_200))


async def test_a_window_of_the_track_can_be_asked_for(city: CityPlatform) -> None:
    for minute in range(5):
        await city.hears(minute, place("gnss", minute))
    fixes = await city.positions.list_fixes(EUI, since_ns=at(1), until_ns=at(3), limit=9)
    assert [fix.event_ns for fix in fixes] == [at(1), at(2)]


@pytest.mark.parametrize(
    "fields, named",
    [
        ({"parent": DEV}, "parent"),
        ({"parent": f"devices/{DEV}", "page_token": "?"}, "page_token"),
        (
            {
                "parent": f"devices/{DEV}",
                "start_time": Timestamp(seconds=NOON_NS // NS),
                "end_time": Timestamp(seconds=1),
            },
            "end_time",
        ),
    ],
)
async def test_a_bad_field_is_named(city: CityPlatform, fields: dict[str, object], named: str) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await city.position_stub.ListFixes(ListFixesRequest(**fields))  # type: ignore[arg-type]  # a test names any field
    assert explained(refused.value).fields == [named]


@pytest.mark.parametrize("name", [f"devices/{DEV}", f"devices/{DEV}/state", "devices/xyz/position", ""])
async def test_what_is_no_name_of_a_position_is_refused(city: CityPlatform, name: str) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await city.position_stub.GetDevicePosition(GetDevicePositionRequest(name=name))
    assert explained(refused.value).fields == ["name"]


async def test_a_device_that_nobody_knows_is_not_found(city: CityPlatform) -> None:
    with pytest.raises(NotFound):
        await city.positions.get_position(DevEui("00000000000000aa"))
