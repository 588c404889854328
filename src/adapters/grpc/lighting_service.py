"""stadtfunk.api.lighting.v1.LightingService: whether lamps burn, for how long, and what is out of order."""

# ruff: noqa: ARG002, N802  names and arguments are the API's

from collections.abc import Sequence
from typing import TypeVar

from adapters.grpc.city_names import CIRCUITS, LAMPS, city_id, city_id_or_none
from adapters.grpc.interceptors import Context
from adapters.grpc.lighting_mapping import (
    alarm_message,
    circuit_message,
    fault_message,
    hours_message,
    lamp_message,
)
from adapters.grpc.pagination import Tokens, page_size
from adapters.grpc.service import Service, service
from adapters.grpc.windows import window
from application.burning_hours import LampHistories
from application.lighting import Lighting
from stadtfunk.api.lighting.v1 import lighting_service_pb2
from stadtfunk.api.lighting.v1.lighting_pb2 import Lamp, LampHours
from stadtfunk.api.lighting.v1.lighting_service_pb2 import (
    GetLampRequest,
    ListCircuitsRequest,
    ListCircuitsResponse,
    ListLampAlarmsRequest,
    ListLampAlarmsResponse,
    ListLampFaultsRequest,
    ListLampFaultsResponse,
    ListLampsRequest,
    ListLampsResponse,
    QueryBurningHoursRequest,
)
from stadtfunk.api.lighting.v1.lighting_service_pb2_grpc import (
    LightingServiceServicer,
    add_LightingServiceServicer_to_server,
)

Item = TypeVar("Item")


class LightingService(LightingServiceServicer):
    """Answers what ``Lighting`` and ``LampHistories`` say."""

    def __init__(self, lighting: Lighting, histories: LampHistories) -> None:
        self._lighting = lighting
        self._histories = histories

    async def GetLamp(self, request: GetLampRequest, context: Context) -> Lamp:
        """Answer one lamp."""
        return lamp_message(await self._lighting.lamp(city_id(LAMPS, request.name, "name")))

    async def ListLamps(self, request: ListLampsRequest, context: Context) -> ListLampsResponse:
        """Answer one page."""
        size = page_size(request.page_size)
        circuit = city_id_or_none(CIRCUITS, request.circuit, "circuit")
        tokens = Tokens(request, "page_token")
        # One more than the page holds says whether there is a next one.
        found = await self._lighting.lamps(size=size + 1, after=tokens.place(str) or "", circuit=circuit)
        page = found[:size]
        return ListLampsResponse(
            lamps=[lamp_message(view) for view in page],
            next_page_token=tokens.token(page[-1].lamp.lamp_id) if len(found) > size else "",
        )

    async def ListCircuits(self, request: ListCircuitsRequest, context: Context) -> ListCircuitsResponse:
        """Answer one page."""
        size = page_size(request.page_size)
        tokens = Tokens(request, "page_token")
        # One more than the page holds says whether there is a next one.
        found = await self._lighting.circuits(size=size + 1, after=tokens.place(str) or "")
        page = found[:size]
        return ListCircuitsResponse(
            circuits=[circuit_message(view) for view in page],
            next_page_token=tokens.token(page[-1].circuit.circuit_id) if len(found) > size else "",
        )

    async def ListLampAlarms(self, request: ListLampAlarmsRequest, context: Context) -> ListLampAlarmsResponse:
        """Answer one page."""
        size, tokens = page_size(request.page_size), Tokens(request, "page_token")
        page, token = _page(await self._lighting.alarms(), size, tokens)
        return ListLampAlarmsResponse(lamp_alarms=[alarm_message(alarm) for alarm in page], next_page_token=token)

    async def ListLampFaults(self, request: ListLampFaultsRequest, context: Context) -> ListLampFaultsResponse:
        """Answer one page."""
        size, tokens = page_size(request.page_size), Tokens(request, "page_token")
        lamp_id = city_id(LAMPS, request.lamp, "lamp")
        told = await self._histories.faults(lamp_id, *window(request))
        page, token = _page(told.faults, size, tokens)
        return ListLampFaultsResponse(
            lamp_faults=[fault_message(fault, told.until_ns) for fault in page], next_page_token=token
        )

    async def QueryBurningHours(self, request: QueryBurningHoursRequest, context: Context) -> LampHours:
        """Answer the burning hours of a lamp."""
        lamp_id = city_id(LAMPS, request.lamp, "lamp")
        return hours_message(await self._histories.hours(lamp_id, *window(request)))


def lighting_service(lighting: Lighting, histories: LampHistories) -> Service:
    """Return the service, ready to be served."""
    servicer = LightingService(lighting, histories)
    file = lighting_service_pb2.DESCRIPTOR
    return service(file, "LightingService", add_LightingServiceServicer_to_server, servicer)


def _page(items: Sequence[Item], size: int, tokens: Tokens) -> tuple[Sequence[Item], str]:
    """Return the page of ``items``, all of which are known, that the request asks for, and the token of the next."""
    start = tokens.place(int) or 0
    end = start + size
    return items[start:end], tokens.token(end) if end < len(items) else ""
