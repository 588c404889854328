"""stadtfunk.api.parking.v1.ParkingService: where one can park, and how spots are used."""

# ruff: noqa: ARG002, N802  names and arguments are the API's

from adapters.grpc.city_names import PARKING_ZONES, SPOTS, city_id, city_id_or_none
from adapters.grpc.interceptors import Context
from adapters.grpc.pagination import Tokens, page_size
from adapters.grpc.parking_mapping import spot_message, use_message, zone_message
from adapters.grpc.service import Service, service
from adapters.grpc.windows import instant, window
from application.parking import Parking
from stadtfunk.api.parking.v1 import parking_service_pb2
from stadtfunk.api.parking.v1.parking_pb2 import ParkingZone, Spot, SpotUse
from stadtfunk.api.parking.v1.parking_service_pb2 import (
    GetParkingZoneRequest,
    GetSpotRequest,
    ListParkingZonesRequest,
    ListParkingZonesResponse,
    ListSpotsRequest,
    ListSpotsResponse,
    QuerySpotUseRequest,
)
from stadtfunk.api.parking.v1.parking_service_pb2_grpc import (
    ParkingServiceServicer,
    add_ParkingServiceServicer_to_server,
)


class ParkingService(ParkingServiceServicer):
    """Answers what ``Parking`` says."""

    def __init__(self, parking: Parking) -> None:
        self._parking = parking

    async def GetSpot(self, request: GetSpotRequest, context: Context) -> Spot:
        """Answer one spot."""
        spot_id = city_id(SPOTS, request.name, "name")
        return spot_message(await self._parking.spot(spot_id, instant(request, "state_time")))

    async def ListSpots(self, request: ListSpotsRequest, context: Context) -> ListSpotsResponse:
        """Answer one page."""
        size = page_size(request.page_size)
        zone = city_id_or_none(PARKING_ZONES, request.zone, "zone")
        at_ns = instant(request, "state_time")
        tokens = Tokens(request, "page_token")
        after = tokens.place(str) or ""
        # One more than the page holds says whether there is a next one.
        found = await self._parking.spots(size=size + 1, after=after, zone=zone, at_ns=at_ns)
        page = found[:size]
        return ListSpotsResponse(
            spots=[spot_message(state) for state in page],
            next_page_token=tokens.token(page[-1].spot.spot_id) if len(found) > size else "",
        )

    async def GetParkingZone(self, request: GetParkingZoneRequest, context: Context) -> ParkingZone:
        """Answer one zone."""
        zone_id = city_id(PARKING_ZONES, request.name, "name")
        return zone_message(await self._parking.zone(zone_id, instant(request, "state_time")))

    async def ListParkingZones(self, request: ListParkingZonesRequest, context: Context) -> ListParkingZonesResponse:
        """Answer one page."""
        size = page_size(request.page_size)
        at_ns = instant(request, "state_time")
        tokens = Tokens(request, "page_token")
        # One more than the page holds says whether there is a next one.
        found = await self._parking.zones(size=size + 1, after=tokens.place(str) or "", at_ns=at_ns)
        page = found[:size]
        return ListParkingZonesResponse(
            parking_zones=[zone_message(state) for state in page],
            next_page_token=tokens.token(page[-1].zone.zone_id) if len(found) > size else "",
        )

    async def QuerySpotUse(self, request: QuerySpotUseRequest, context: Context) -> SpotUse:
        """Answer how a spot was used."""
        return use_message(await self._parking.use(city_id(SPOTS, request.spot, "spot"), *window(request)))


def parking_service(parking: Parking) -> Service:
    """Return the service, ready to be served."""
    file = parking_service_pb2.DESCRIPTOR
    return service(file, "ParkingService", add_ParkingServiceServicer_to_server, ParkingService(parking))
