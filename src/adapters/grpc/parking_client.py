"""A client of the parking service for our own command line and tests."""

from typing import Self

from adapters.grpc.city_names import PARKING_ZONES, SPOTS, city_name
from adapters.grpc.client import GrpcClient
from adapters.grpc.parking_answers import spot_state_of, spot_use_of, zone_state_of
from adapters.grpc.times import timestamp
from application.parking import SpotUse, ZoneState
from domain.parking import SpotState
from stadtfunk.api.parking.v1.parking_service_pb2 import (
    GetParkingZoneRequest,
    GetSpotRequest,
    ListParkingZonesRequest,
    ListSpotsRequest,
    QuerySpotUseRequest,
)
from stadtfunk.api.parking.v1.parking_service_pb2_grpc import ParkingServiceStub

_LARGEST_PAGE = 1_000


class ParkingClient(GrpcClient):
    """Asks the parking service. Every method raises what those of ``GrpcClient`` raise."""

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        self._parking = ParkingServiceStub(self._channel)
        return self

    async def get_spot(self, spot_id: str) -> SpotState:
        """Return one spot with its state now."""
        with self._errors():
            request = GetSpotRequest(name=city_name(SPOTS, spot_id))
            return spot_state_of(await self._parking.GetSpot(request, timeout=self._call_s))

    async def list_spots(self, *, limit: int, zone: str = "") -> list[SpotState]:
        """Return the first ``limit`` spots by name, of one zone if given."""
        found: list[SpotState] = []
        request = ListSpotsRequest(zone=city_name(PARKING_ZONES, zone))
        while len(found) < limit:
            request.page_size = min(limit - len(found), _LARGEST_PAGE)
            with self._errors():
                page = await self._parking.ListSpots(request, timeout=self._batch_s)
            found += [spot_state_of(message) for message in page.spots]
            request.page_token = page.next_page_token
            if not request.page_token:
                break
        return found

    async def get_zone(self, zone_id: str) -> ZoneState:
        """Return one zone with its counts now."""
        with self._errors():
            request = GetParkingZoneRequest(name=city_name(PARKING_ZONES, zone_id))
            return zone_state_of(await self._parking.GetParkingZone(request, timeout=self._batch_s))

    async def list_zones(self, *, limit: int) -> list[ZoneState]:
        """Return the first ``limit`` zones by name."""
        found: list[ZoneState] = []
        request = ListParkingZonesRequest()
        while len(found) < limit:
            request.page_size = min(limit - len(found), _LARGEST_PAGE)
            with self._errors():
                page = await self._parking.ListParkingZones(request, timeout=self._batch_s)
            found += [zone_state_of(message) for message in page.parking_zones]
            request.page_token = page.next_page_token
            if not request.page_token:
                break
        return found

    async def query_use(self, spot_id: str, since_ns: int, until_ns: int) -> SpotUse:
        """Return how a spot was used in ``[since_ns, until_ns)``."""
        request = QuerySpotUseRequest(
            spot=city_name(SPOTS, spot_id), start_time=timestamp(since_ns), end_time=timestamp(until_ns)
        )
        with self._errors():
            return spot_use_of(await self._parking.QuerySpotUse(request, timeout=self._batch_s))
