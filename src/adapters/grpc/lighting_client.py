"""A client of the lighting service for our own command line and tests."""

from typing import Self

from adapters.grpc.city_names import CIRCUITS, LAMPS, city_name
from adapters.grpc.client import GrpcClient
from adapters.grpc.lighting_answers import alarm_of, circuit_view_of, fault_of, lamp_hours_of, lamp_view_of
from adapters.grpc.times import timestamp
from application.burning_hours import LampHours
from application.lamp_view import LampView
from application.lighting import CircuitView
from domain.lighting import Fault, LampAlarm
from stadtfunk.api.lighting.v1.lighting_service_pb2 import (
    GetLampRequest,
    ListCircuitsRequest,
    ListLampAlarmsRequest,
    ListLampFaultsRequest,
    ListLampsRequest,
    QueryBurningHoursRequest,
)
from stadtfunk.api.lighting.v1.lighting_service_pb2_grpc import LightingServiceStub

_LARGEST_PAGE = 1_000


class LightingClient(GrpcClient):
    """Asks the lighting service. Every method raises what those of ``GrpcClient`` raise."""

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        self._lighting = LightingServiceStub(self._channel)
        return self

    async def get_lamp(self, lamp_id: str) -> LampView:
        """Return how one lamp is now."""
        with self._errors():
            request = GetLampRequest(name=city_name(LAMPS, lamp_id))
            return lamp_view_of(await self._lighting.GetLamp(request, timeout=self._call_s))

    async def list_lamps(self, *, limit: int, circuit: str = "") -> list[LampView]:
        """Return the first ``limit`` lamps by name, of one circuit if given."""
        found: list[LampView] = []
        request = ListLampsRequest(circuit=city_name(CIRCUITS, circuit))
        while len(found) < limit:
            request.page_size = min(limit - len(found), _LARGEST_PAGE)
            with self._errors():
                page = await self._lighting.ListLamps(request, timeout=self._batch_s)
            found += [lamp_view_of(message) for message in page.lamps]
            request.page_token = page.next_page_token
            if not request.page_token:
                break
        return found

    async def list_circuits(self, *, limit: int) -> list[CircuitView]:
        """Return the first ``limit`` circuits by name."""
        found: list[CircuitView] = []
        request = ListCircuitsRequest()
        while len(found) < limit:
            request.page_size = min(limit - len(found), _LARGEST_PAGE)
            with self._errors():
                page = await self._lighting.ListCircuits(request, timeout=self._batch_s)
            found += [circuit_view_of(message) for message in page.circuits]
            request.page_token = page.next_page_token
            if not request.page_token:
                break
        return found

    async def list_alarms(self) -> list[LampAlarm]:
        """Return what is out of order now, the widest first."""
        found: list[LampAlarm] = []
        request = ListLampAlarmsRequest(page_size=_LARGEST_PAGE)
        while True:
            with self._errors():
                page = await self._lighting.ListLampAlarms(request, timeout=self._batch_s)
            found += [alarm_of(message) for message in page.lamp_alarms]
            request.page_token = page.next_page_token
            if not request.page_token:
                return found

    async def list_faults(self, lamp_id: str, since_ns: int, until_ns: int) -> list[Fault]:
        """Return the faults told of a lamp in ``[since_ns, until_ns)``."""
        found: list[Fault] = []
        request = ListLampFaultsRequest(
            lamp=city_name(LAMPS, lamp_id),
            start_time=timestamp(since_ns),
            end_time=timestamp(until_ns),
            page_size=_LARGEST_PAGE,
        )
        while True:
            with self._errors():
                page = await self._lighting.ListLampFaults(request, timeout=self._batch_s)
            found += [fault_of(message) for message in page.lamp_faults]
            request.page_token = page.next_page_token
            if not request.page_token:
                return found

    async def query_hours(self, lamp_id: str, since_ns: int, until_ns: int) -> LampHours:
        """Return the burning hours of a lamp in ``[since_ns, until_ns)``."""
        request = QueryBurningHoursRequest(
            lamp=city_name(LAMPS, lamp_id), start_time=timestamp(since_ns), end_time=timestamp(until_ns)
        )
        with self._errors():
            return lamp_hours_of(await self._lighting.QueryBurningHours(request, timeout=self._batch_s))
