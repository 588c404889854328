"""A client of the meter service for our own command line and tests."""

from collections.abc import Callable
from typing import Self

from google.protobuf.duration_pb2 import Duration

from adapters.grpc.client import GrpcClient
from adapters.grpc.meter_answers import consumption_of, exchange_case_of, read_out_of, read_rate_of
from adapters.grpc.meter_codes import grain_code
from adapters.grpc.meter_names import ALL_POINTS, consumption_name, point_name
from adapters.grpc.times import timestamp
from application.register_choice import RegisterChoice
from domain.meter import Consumption, ExchangeCase, Grain, PointId, ReadOut, ReadRate
from stadtfunk.api.meter.v1.meter_service_pb2 import (
    GetConsumptionRequest,
    ListConsumptionRequest,
    ListExchangeCasesRequest,
    ListReadOutsRequest,
    QueryReadRatesRequest,
    RegisterSelection,
)
from stadtfunk.api.meter.v1.meter_service_pb2_grpc import MeterServiceStub

_LARGEST_PAGE = 1_000
_NS_PER_S = 10**9


class MeterClient(GrpcClient):
    """Asks the meter service. Every method raises what those of ``GrpcClient`` raise."""

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        self._meters = MeterServiceStub(self._channel)
        return self

    async def get_consumption(
        self, point: PointId, since_ns: int, until_ns: int, zone: str, choice: RegisterChoice
    ) -> Consumption:
        """Return what was used of one register between two instants."""
        request = GetConsumptionRequest(
            name=consumption_name(point),
            start_time=timestamp(since_ns),
            end_time=timestamp(until_ns),
            register=_selection(choice),
            time_zone=zone,
        )
        with self._errors():
            return consumption_of(await self._meters.GetConsumption(request, timeout=self._batch_s))

    async def list_consumption(
        self,
        point: PointId,
        since_ns: int,
        until_ns: int,
        grain: Grain,
        zone: str,
        day_start_s: int,
        choice: RegisterChoice,
    ) -> list[Consumption]:
        """Return what was used in each bucket of the calendar of ``zone``."""
        request = ListConsumptionRequest(
            parent=point_name(point),
            start_time=timestamp(since_ns),
            end_time=timestamp(until_ns),
            grain=grain_code(grain),
            time_zone=zone,
            day_start_offset=Duration(seconds=day_start_s),
            register=_selection(choice),
            page_size=_LARGEST_PAGE,
        )
        found: list[Consumption] = []
        while True:
            with self._errors():
                page = await self._meters.ListConsumption(request, timeout=self._batch_s)
            found += [consumption_of(message) for message in page.consumption]
            request.page_token = page.next_page_token
            if not request.page_token:
                return found

    async def list_read_outs(
        self, point: PointId | None, at_ns: int, choice: RegisterChoice, told: Callable[[list[ReadOut]], None]
    ) -> None:
        """Tell the registers of a point, or of all points page by page, at ``at_ns``."""
        request = ListReadOutsRequest(
            parent=ALL_POINTS if point is None else point_name(point),
            key_time=timestamp(at_ns),
            register=_selection(choice),
            page_size=_LARGEST_PAGE,
        )
        while True:
            with self._errors():
                page = await self._meters.ListReadOuts(request, timeout=self._batch_s)
            told([read_out_of(message) for message in page.read_outs])
            request.page_token = page.next_page_token
            if not request.page_token:
                return

    async def query_read_rates(self, since_ns: int, until_ns: int, zone: str, city_zone: str) -> list[ReadRate]:
        """Return the read rates of each day of the calendar of ``zone``."""
        request = QueryReadRatesRequest(
            start_time=timestamp(since_ns), end_time=timestamp(until_ns), time_zone=zone, zone=city_zone
        )
        with self._errors():
            answer = await self._meters.QueryReadRates(request, timeout=self._batch_s)
        return [read_rate_of(message) for message in answer.read_rates]

    async def list_exchange_cases(self) -> list[ExchangeCase]:
        """Return the exchange cases that are open now."""
        request = ListExchangeCasesRequest(page_size=_LARGEST_PAGE)
        found: list[ExchangeCase] = []
        while True:
            with self._errors():
                page = await self._meters.ListExchangeCases(request, timeout=self._batch_s)
            found += [exchange_case_of(message) for message in page.exchange_cases]
            request.page_token = page.next_page_token
            if not request.page_token:
                return found


def _selection(choice: RegisterChoice) -> RegisterSelection:
    return RegisterSelection(
        measurand=choice.measurand,
        channel=choice.channel,
        max_reading_age=Duration(seconds=choice.max_age_ns // _NS_PER_S),
        interpolate=choice.interpolate,
    )
