"""A client of the loss service for our own command line and tests."""

from typing import Self

from adapters.grpc.client import GrpcClient
from adapters.grpc.loss_mapping import date_message, loss_day_of, row_of
from adapters.grpc.resource_names import device_name
from application.losses import Sums
from domain.identifiers import DevEui
from domain.radio import LossDay
from stadtfunk.api.loss.v1.loss_service_pb2 import ListLossDaysRequest, QueryLossesRequest
from stadtfunk.api.loss.v1.loss_service_pb2_grpc import LossServiceStub

_LARGEST_PAGE = 1_000


class LossClient(GrpcClient):
    """Asks the loss service. Every method raises what those of ``GrpcClient`` raise."""

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        self._losses = LossServiceStub(self._channel)
        return self

    async def list_losses(self, device: DevEui, first_day: int | None, end_day: int | None) -> list[LossDay]:
        """Return the rows of one device by day and source; None: the last 31 days."""
        request = ListLossDaysRequest(parent=device_name(device))
        if first_day is not None:
            request.start_date.CopyFrom(date_message(first_day))
        if end_day is not None:
            request.end_date.CopyFrom(date_message(end_day))
        return await self._listed(request, limit=None)

    async def list_losses_of_day(self, day: int, *, limit: int) -> list[LossDay]:
        """Return the first ``limit`` rows of one day by DevEUI and source."""
        request = ListLossDaysRequest(parent="devices/-", start_date=date_message(day))
        return await self._listed(request, limit=limit)

    async def sum_losses(self, first_day: int, end_day: int, device: DevEui | None = None) -> Sums:
        """Return the sums over days, of one device or of all."""
        parent = device_name(device) if device else "devices/-"
        request = QueryLossesRequest(parent=parent, start_date=date_message(first_day), end_date=date_message(end_day))
        with self._errors():
            found = await self._losses.QueryLosses(request, timeout=self._batch_s)
        sources = tuple(row_of(each.frames, source=each.source) for each in found.sources)
        return Sums(row_of(found.frames), sources, found.device_count)

    async def _listed(self, request: ListLossDaysRequest, limit: int | None) -> list[LossDay]:
        found: list[LossDay] = []
        while limit is None or len(found) < limit:
            request.page_size = _LARGEST_PAGE if limit is None else min(limit - len(found), _LARGEST_PAGE)
            with self._errors():
                page = await self._losses.ListLossDays(request, timeout=self._batch_s)
            found += [loss_day_of(message) for message in page.loss_days]
            request.page_token = page.next_page_token
            if not request.page_token:
                break
        return found
