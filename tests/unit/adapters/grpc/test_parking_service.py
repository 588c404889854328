"""ParkingService, asked by a real client."""

from collections.abc import AsyncIterator

import grpc
import pytest
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from adapters.grpc.parking_mapping import KINDS, OCCUPANCIES, OVERSTAYS
from application.errors import NotFound
from domain.between import Between
from domain.device import DeviceEntry
from domain.identifiers import DevEui
from domain.observation import DataClass, Position, Reading
from domain.parking import (
    Closure,
    Occupancy,
    Overstay,
    ParkingZone,
    Spot,
    SpotCount,
    SpotKind,
    Stay,
    TimeUse,
    Turnover,
)
from stadtfunk.api.parking.v1 import parking_pb2
from stadtfunk.api.parking.v1.parking_service_pb2 import (
    GetParkingZoneRequest,
    GetSpotRequest,
    ListParkingZonesRequest,
    ListSpotsRequest,
    QuerySpotUseRequest,
)
from tests.support.builders import DEV, NOON_NS, NS
from tests.unit.adapters.grpc.city_platform import CityPlatform
from tests.unit.adapters.grpc.platform import explained
from tests.unit.application.city import MINUTE, at

FREE, TAKEN = Reading("parking.occupied", "", False), Reading("parking.occupied", "", True)
NOON = Timestamp(seconds=NOON_NS // NS)


@pytest.fixture
async def city() -> AsyncIterator[CityPlatform]:
    async with CityPlatform().running() as city:
        await city.knows(
            ParkingZone("hafen", 1, "Hafen", {"charging": 3_600}),
            Spot("hafen-1", 1, 0, "hafen", SpotKind.CHARGING, DEV, Position(484_000_000, 99_900_000, "surveyed")),
            *(Spot(f"hafen-{number}", 1, 0, "hafen") for number in range(2, 6)),
            Closure(1, at(0), spot_id="hafen-5", reason="Kran"),
            Spot("markt-1", 1),
        )
        await city.hears(0, FREE, f_cnt=1)
        await city.hears(10, TAKEN, f_cnt=3)
        yield city


async def test_a_spot_says_all_that_is_known_of_it(city: CityPlatform) -> None:
    spot = await city.parking_stub.GetSpot(GetSpotRequest(name="spots/hafen-1"))
    assert (spot.name, spot.zone, spot.device) == ("spots/hafen-1", "parkingZones/hafen", f"devices/{DEV}")
    assert (spot.kind, spot.occupancy) == (parking_pb2.SPOT_KIND_CHARGING, parking_pb2.OCCUPANCY_OCCUPIED)
    assert (spot.since.earliest_time, spot.since.latest_time.seconds) == (NOON, NOON.seconds + 600)
    assert spot.overstay == parking_pb2.OVERSTAY_CERTAIN
    assert spot.position.latitude_e7 == 484_000_000
    assert spot.state_time.seconds == NOON.seconds + 36_000


async def test_a_client_reads_back_what_was_said(city: CityPlatform) -> None:
    state = await city.parking.get_spot("hafen-1")
    assert (state.occupancy, state.since, state.overstay) == (
        Occupancy.OCCUPIED,
        Between(at(0), at(10)),
        Overstay.CERTAIN,
    )
    assert (state.spot.kind, state.spot.dev_eui, state.at_ns) == (SpotKind.CHARGING, DEV, at(600))
    closed = await city.parking.get_spot("hafen-5")
    assert (closed.occupancy, closed.reason, closed.since) == (Occupancy.OUT_OF_SERVICE, "closed: Kran", None)


async def test_whose_business_a_spot_is_the_registry_says(city: CityPlatform) -> None:
    assert (await city.parking.get_spot("hafen-1")).data_class is DataClass.OCCUPANCY
    await city.knows(DeviceEntry(DevEui(DEV), 1, data_class="infrastructure"))
    assert (await city.parking.get_spot("hafen-1")).data_class is DataClass.INFRASTRUCTURE
    await city.knows(Spot("hafen-1", 2, 0, "hafen", dev_eui=DEV, data_class="meter_personal"))
    assert (await city.parking.get_spot("hafen-1")).data_class is DataClass.METER_PERSONAL


async def test_the_past_can_be_asked_for(city: CityPlatform) -> None:
    early = Timestamp(seconds=NOON.seconds + 60)
    spot = await city.parking_stub.GetSpot(GetSpotRequest(name="spots/hafen-1", state_time=early))
    assert spot.occupancy == parking_pb2.OCCUPANCY_FREE
    assert not spot.since.HasField("earliest_time")


@pytest.mark.parametrize("size", [1, 2, 3, 6, 7])
async def test_pages_of_spots_join_without_gap_or_repeat(city: CityPlatform, size: int) -> None:
    names: list[str] = []
    request = ListSpotsRequest(page_size=size)
    while True:
        page = await city.parking_stub.ListSpots(request)
        assert len(page.spots) == size or not page.next_page_token
        names += [spot.name for spot in page.spots]
        request.page_token = page.next_page_token
        if not request.page_token:
            break
    assert names == [f"spots/{name}" for name in ("hafen-1", "hafen-2", "hafen-3", "hafen-4", "hafen-5", "markt-1")]


async def test_spots_of_a_zone_can_be_asked_for(city: CityPlatform) -> None:
    assert len(await city.parking.list_spots(limit=99, zone="hafen")) == 5
    assert len(await city.parking.list_spots(limit=2)) == 2


async def test_a_zone_counts_all_its_spots(city: CityPlatform) -> None:
    zone = await city.parking.get_zone("hafen")
    assert zone.zone.name == "Hafen"
    assert zone.count.total == SpotCount(1, 0, 3, 1, overstayed=1)
    assert zone.count.by_kind[SpotKind.CHARGING] == SpotCount(1, overstayed=1)
    whole = await city.parking_stub.GetParkingZone(GetParkingZoneRequest(name="parkingZones/hafen"))
    assert whole.total.capacity == 5
    assert [each.zone.zone_id for each in await city.parking.list_zones(limit=9)] == ["hafen"]


async def test_pages_of_zones_join(city: CityPlatform) -> None:
    await city.knows(ParkingZone("bahnhof", 1), ParkingZone("zentrum", 1))
    first = await city.parking_stub.ListParkingZones(ListParkingZonesRequest(page_size=2))
    request = ListParkingZonesRequest(page_size=2, page_token=first.next_page_token)
    second = await city.parking_stub.ListParkingZones(request)
    names = [zone.name for zone in (*first.parking_zones, *second.parking_zones)]
    assert names == ["parkingZones/bahnhof", "parkingZones/hafen", "parkingZones/zentrum"]
    assert second.next_page_token == ""


async def test_the_use_of_a_spot_leaves_open_what_nobody_knows(city: CityPlatform) -> None:
    use = await city.parking.query_use("hafen-1", at(0), at(20))
    assert use.turnover == Turnover(1, 1)
    assert use.time == TimeUse(10 * MINUTE, 0, 10 * MINUTE)
    [stay] = use.stays
    assert stay.stay == Stay(Between(at(0), at(10)), None, unbroken=True)
    request = QuerySpotUseRequest(spot="spots/hafen-2", start_time=NOON)
    unknown = await city.parking_stub.QuerySpotUse(request)
    assert not unknown.turnover.HasField("count")
    assert not unknown.turnover.HasField("most_count")
    assert unknown.unknown_duration.seconds == 36_000


Request = GetSpotRequest | ListSpotsRequest | QuerySpotUseRequest


async def asked(city: CityPlatform, request: Request) -> Message:
    """Ask whatever ``request`` asks."""
    if isinstance(request, GetSpotRequest):
        return await city.parking_stub.GetSpot(request)
    if isinstance(request, ListSpotsRequest):
        return await city.parking_stub.ListSpots(request)
    return await city.parking_stub.QuerySpotUse(request)


BAD: list[tuple[Request, str]] = [
    (GetSpotRequest(), "name"),
    (GetSpotRequest(name="spots/"), "name"),
    (GetSpotRequest(name="spots/a/b"), "name"),
    (GetSpotRequest(name="lamps/a"), "name"),
    (GetSpotRequest(name="spots/a", state_time=Timestamp(nanos=-1)), "state_time"),
    (ListSpotsRequest(zone="hafen"), "zone"),
    (ListSpotsRequest(page_size=-1), "page_size"),
    (ListSpotsRequest(page_token="AAAA"), "page_token"),  # noqa: S106  no secret
    (QuerySpotUseRequest(spot="spots/a"), "start_time"),
    (QuerySpotUseRequest(spot="spots/a", start_time=NOON, end_time=Timestamp(seconds=1)), "end_time"),
    (QuerySpotUseRequest(spot="spots/hafen-1", start_time=Timestamp(seconds=1)), "start_time"),
]


@pytest.mark.parametrize("number", range(len(BAD)))
async def test_a_bad_field_is_named(city: CityPlatform, number: int) -> None:
    request, named = BAD[number]
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await asked(city, request)
    told = explained(refused.value)
    assert (told.code, told.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_VALUE")
    assert told.fields == [named]


async def test_what_is_not_registered_is_not_found(city: CityPlatform) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await city.parking_stub.GetSpot(GetSpotRequest(name="spots/wald-1"))
    told = explained(refused.value)
    assert (told.code, told.reason) == (grpc.StatusCode.NOT_FOUND, "NOT_FOUND")
    assert told.metadata == {"spot": "wald-1"}
    with pytest.raises(NotFound):
        await city.parking.get_zone("wald")


def test_every_word_of_the_domain_has_its_code() -> None:
    assert set(KINDS) == set(SpotKind)
    assert set(OCCUPANCIES) == set(Occupancy)
    assert set(OVERSTAYS) == set(Overstay)
    for codes in (KINDS, OCCUPANCIES, OVERSTAYS):
        assert len(set(codes.values())) == len(codes)
        assert 0 not in codes.values()
