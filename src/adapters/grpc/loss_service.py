"""stadtfunk.api.loss.v1.LossService: what became of the frames that devices sent."""

# ruff: noqa: ARG002, N802  names and arguments are the API's

from adapters.grpc.interceptors import Context
from adapters.grpc.loss_mapping import balance_message, day_of, key_of, loss_day_message
from adapters.grpc.pagination import Tokens, page_size
from adapters.grpc.resource_names import device_of
from adapters.grpc.service import Service, service
from application.losses import Losses
from application.ports.clock import Clock
from domain.errors import InvalidValue
from domain.radio import LossDay
from stadtfunk.api.loss.v1 import loss_pb2, loss_service_pb2
from stadtfunk.api.loss.v1.loss_service_pb2 import (
    GetLossDayRequest,
    ListLossDaysRequest,
    ListLossDaysResponse,
    QueryLossesRequest,
    QueryLossesResponse,
    SourceLosses,
)
from stadtfunk.api.loss.v1.loss_service_pb2_grpc import LossServiceServicer, add_LossServiceServicer_to_server

_ALL = "devices/-"
_DAYS_SHOWN = 31
_DAY_US = 86_400_000_000


class LossService(LossServiceServicer):
    """Answers what ``Losses`` says."""

    def __init__(self, losses: Losses, clock: Clock) -> None:
        self._losses = losses
        self._clock = clock

    async def GetLossDay(self, request: GetLossDayRequest, context: Context) -> loss_pb2.LossDay:
        """Answer one row."""
        return loss_day_message(await self._losses.day(*key_of(request.name, "name")))

    async def ListLossDays(self, request: ListLossDaysRequest, context: Context) -> ListLossDaysResponse:
        """Answer one page."""
        size = page_size(request.page_size)
        tokens = Tokens(request, "page_token")
        # One more than the page holds says whether there is a next one.
        if request.parent == _ALL:
            found = await self._losses.of_day(
                _only_day(request), size=size + 1, after=tokens.place(tuple[str, str]) or ("", "")
            )
            places: list[object] = [(row.dev_eui, row.source) for row in found]
        else:
            found = await self._of_device(request, tokens.place(tuple[int, str]) or (-1, ""))
            places = [(row.day, row.source) for row in found]
        return ListLossDaysResponse(
            loss_days=[loss_day_message(row) for row in found[:size]],
            next_page_token=tokens.token(places[size - 1]) if len(found) > size else "",
        )

    async def QueryLosses(self, request: QueryLossesRequest, context: Context) -> QueryLossesResponse:
        """Answer sums."""
        first, end = day_of(request.start_date, "start_date"), day_of(request.end_date, "end_date")
        if request.parent == _ALL:
            sums = await self._losses.sums(first, end)
        else:
            sums = await self._losses.sums_of_device(device_of(request.parent, "parent"), first, end)
        return QueryLossesResponse(
            frames=balance_message(sums.total),
            sources=[SourceLosses(source=each.source, frames=balance_message(each)) for each in sums.by_source],
            device_count=sums.devices,
        )

    async def _of_device(self, request: ListLossDaysRequest, after: tuple[int, str]) -> list[LossDay]:
        device = device_of(request.parent, "parent")
        # No zone is a day ahead of UTC.
        today = self._clock.now_us() // _DAY_US
        end = day_of(request.end_date, "end_date") if request.HasField("end_date") else today + 2
        first = day_of(request.start_date, "start_date") if request.HasField("start_date") else end - _DAYS_SHOWN
        rows = await self._losses.of_device(device, first, end)
        return [row for row in rows if (row.day, row.source) > after]


def loss_service(losses: Losses, clock: Clock) -> Service:
    """Return the service, ready to be served."""
    file = loss_service_pb2.DESCRIPTOR
    return service(file, "LossService", add_LossServiceServicer_to_server, LossService(losses, clock))


def _only_day(request: ListLossDaysRequest) -> int:
    """Return the one day for which all devices are asked."""
    day = day_of(request.start_date, "start_date")
    if request.HasField("end_date") and day_of(request.end_date, "end_date") != day + 1:
        message = "of all devices one day is listed: the day after start_date, or nothing expected"
        raise InvalidValue(message, field="end_date", value="")
    return day
