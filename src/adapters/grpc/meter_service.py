"""stadtfunk.api.meter.v1.MeterService: what was used at the city's metering points."""

# ruff: noqa: ARG002, N802  names and arguments are the API's

from msgspec import Struct

from adapters.grpc.interceptors import Context
from adapters.grpc.meter_mapping import (
    consumption_message,
    exchange_case_message,
    point_message,
    read_out_message,
    read_rate_message,
)
from adapters.grpc.meter_names import ALL_POINTS, point_of, point_of_consumption
from adapters.grpc.meter_request import calendar_of, choice_of, days_of, instants_of, key_time_of
from adapters.grpc.pagination import Tokens, page_size
from adapters.grpc.service import Service, service
from application.consumption import ConsumptionReport
from application.exchange_watch import ExchangeWatch
from application.ports.master_data import MasterData
from application.read_out import ReadOutReport
from application.read_rate import ReadRateReport
from domain.errors import InvalidValue
from domain.meter import MeteringPoint
from stadtfunk.api.meter.v1 import meter_pb2, meter_service_pb2
from stadtfunk.api.meter.v1.meter_service_pb2 import (
    GetConsumptionRequest,
    GetMeteringPointRequest,
    ListConsumptionRequest,
    ListConsumptionResponse,
    ListExchangeCasesRequest,
    ListExchangeCasesResponse,
    ListMeteringPointsRequest,
    ListMeteringPointsResponse,
    ListReadOutsRequest,
    ListReadOutsResponse,
    QueryReadRatesRequest,
    QueryReadRatesResponse,
)
from stadtfunk.api.meter.v1.meter_service_pb2_grpc import MeterServiceServicer, add_MeterServiceServicer_to_server

MOST_POINTS = 200
"""Of one page of read-outs: each takes some milliseconds of the store."""


class Metering(Struct, frozen=True):
    """What the service answers from."""

    records: MasterData
    consumption: ConsumptionReport
    read_outs: ReadOutReport
    read_rates: ReadRateReport
    exchanges: ExchangeWatch


class MeterService(MeterServiceServicer):
    """Answers from stored readings and master data."""

    def __init__(self, metering: Metering) -> None:
        self._metering = metering

    async def GetMeteringPoint(self, request: GetMeteringPointRequest, context: Context) -> meter_pb2.MeteringPoint:
        """Answer one metering point."""
        return point_message(await self._metering.records.get(MeteringPoint, point_of(request.name, "name")))

    async def ListMeteringPoints(
        self, request: ListMeteringPointsRequest, context: Context
    ) -> ListMeteringPointsResponse:
        """Answer one page."""
        size, tokens = page_size(request.page_size), Tokens(request, "page_token")
        # One more than the page holds says whether there is a next one.
        found = await self._metering.records.page(MeteringPoint, size=size + 1, after=tokens.place(str) or "")
        page = found[:size]
        return ListMeteringPointsResponse(
            metering_points=[point_message(point) for point in page],
            next_page_token=tokens.token(page[-1].key) if len(found) > size else "",
        )

    async def GetConsumption(self, request: GetConsumptionRequest, context: Context) -> meter_pb2.Consumption:
        """Answer one value."""
        point, between = point_of_consumption(request.name, "name"), instants_of(request)
        found = await self._metering.consumption.of(point, between, choice_of(request.register))
        if len(found) > 1:
            channels = ", ".join(each.register.channel or "''" for each in found)
            message = f"the meter has several registers: choose one of the channels {channels}"
            raise InvalidValue(message, field="register.channel", value="")
        return consumption_message(found[0], between.zone)

    async def ListConsumption(self, request: ListConsumptionRequest, context: Context) -> ListConsumptionResponse:
        """Answer one page; the buckets before it are computed again, so that late readings are in every page."""
        point, between = point_of(request.parent, "parent"), calendar_of(request)
        size, tokens = page_size(request.page_size), Tokens(request, "page_token")
        start = tokens.place(int) or 0
        found = await self._metering.consumption.of(point, between, choice_of(request.register))
        return ListConsumptionResponse(
            consumption=[consumption_message(each, between.zone) for each in found[start : start + size]],
            next_page_token=tokens.token(start + size) if len(found) > start + size else "",
        )

    async def ListReadOuts(self, request: ListReadOutsRequest, context: Context) -> ListReadOutsResponse:
        """Answer the registers of one point, or of a page of points."""
        at_ns, choice = key_time_of(request), choice_of(request.register)
        size, tokens = min(page_size(request.page_size), MOST_POINTS), Tokens(request, "page_token")
        if request.parent != ALL_POINTS:
            found = await self._metering.read_outs.of(point_of(request.parent, "parent"), at_ns, choice)
            return ListReadOutsResponse(read_outs=[read_out_message(each) for each in found])
        page = await self._metering.read_outs.page(at_ns, choice, size=size, after=tokens.place(str) or "")
        return ListReadOutsResponse(
            read_outs=[read_out_message(each) for each in page.read_outs],
            next_page_token=tokens.token(page.last) if page.last else "",
        )

    async def QueryReadRates(self, request: QueryReadRatesRequest, context: Context) -> QueryReadRatesResponse:
        """Answer the rates of all days."""
        rates = await self._metering.read_rates.of(days_of(request), request.zone)
        return QueryReadRatesResponse(read_rates=[read_rate_message(each) for each in rates])

    async def ListExchangeCases(self, request: ListExchangeCasesRequest, context: Context) -> ListExchangeCasesResponse:
        """Answer the cases of a page of points."""
        size, tokens = min(page_size(request.page_size), MOST_POINTS), Tokens(request, "page_token")
        page = await self._metering.exchanges.page(size=size, after=tokens.place(str) or "")
        return ListExchangeCasesResponse(
            exchange_cases=[exchange_case_message(each) for each in page.cases],
            next_page_token=tokens.token(page.last) if page.last else "",
        )


def meter_service(metering: Metering) -> Service:
    """Return the service, ready to be served."""
    return service(
        meter_service_pb2.DESCRIPTOR, "MeterService", add_MeterServiceServicer_to_server, MeterService(metering)
    )
