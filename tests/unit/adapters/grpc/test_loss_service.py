"""LossService, asked by a real client."""

from collections.abc import AsyncIterator

import grpc
import pytest
from google.type.date_pb2 import Date
from msgspec.structs import astuple, replace

from domain.identifiers import DevEui
from domain.radio import FrameAccount, LossDay, LossLedger, account
from stadtfunk.api.loss.v1.loss_service_pb2 import GetLossDayRequest, ListLossDaysRequest, QueryLossesRequest
from tests.contract.loss_days import DAY, US, a_loss_day
from tests.support.builders import DEV, NOON_NS, NS, an_uplink
from tests.unit.adapters.grpc.loss_server import LossServer
from tests.unit.adapters.grpc.platform import explained

OTHER = "003e94c6ad72f12a"
FIRST = Date(year=2026, month=1, day=1)


@pytest.fixture
async def served() -> AsyncIterator[LossServer]:
    async with LossServer().running() as served:
        yield served


def a_full_row() -> LossDay:
    """Return a row whose counts all differ."""
    return replace(LossDay(DevEui(DEV), DAY, "swu", US, *range(100, 114)), is_doubtful=True)


async def test_every_count_comes_through(served: LossServer) -> None:
    await served.rows.write([a_full_row()])
    assert await served.client.list_losses(DevEui(DEV), DAY, DAY + 1) == [a_full_row()]


async def test_a_row_holds_both_balances_and_its_gaps(served: LossServer) -> None:
    known = FrameAccount()
    for f_cnt in (0, 1, 5):
        _, known = account(an_uplink(f_cnt, payload=b"" if f_cnt == 1 else b"\x01"), known)
    ledger = LossLedger()
    await served.rows.write(ledger.days(DevEui(DEV), "swu", known, US))
    row = await served.stub.GetLossDay(GetLossDayRequest(name=f"devices/{DEV}/lossDays/2026-01-01~swu"))
    frames = row.frames
    assert (frames.expected_count, frames.received_count, frames.radio_count) == (6, 3, 3)
    assert (frames.stored_count, frames.empty_count, frames.loss_ratio) == (2, 1, 0.5)
    (gap,) = row.gaps
    assert (gap.start_time.seconds, gap.end_time.seconds, gap.missing_count) == (
        NOON_NS // NS + 900,
        NOON_NS // NS + 4_500,
        3,
    )


async def test_a_row_that_is_not_there_is_not_found(served: LossServer) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await served.stub.GetLossDay(GetLossDayRequest(name=f"devices/{DEV}/lossDays/2026-01-01~swu"))
    assert refused.value.code() is grpc.StatusCode.NOT_FOUND


@pytest.mark.parametrize("name", [f"devices/{DEV}", f"devices/{DEV}/lossDays/2026-02-30~swu", "devices/x/lossDays/-"])
async def test_what_is_no_name_of_a_row_is_refused(served: LossServer, name: str) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await served.stub.GetLossDay(GetLossDayRequest(name=name))
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT


async def test_without_dates_the_last_31_days_of_a_device_are_listed(served: LossServer) -> None:
    await served.rows.write([a_loss_day(DEV, day) for day in range(DAY - 40, DAY + 1)])
    rows = await served.client.list_losses(DevEui(DEV), None, None)
    assert [row.day for row in rows] == list(range(DAY - 29, DAY + 1))


async def test_pages_of_a_device_follow_one_another(served: LossServer) -> None:
    keys = [(day, source) for day in range(DAY, DAY + 3) for source in ("swu", "ttn")]
    await served.rows.write([a_loss_day(DEV, day, source=source) for day, source in keys])
    end = Date(year=2026, month=1, day=4)
    request = ListLossDaysRequest(parent=f"devices/{DEV}", start_date=FIRST, end_date=end, page_size=4)
    first = await served.stub.ListLossDays(request)
    request.page_token = first.next_page_token
    second = await served.stub.ListLossDays(request)
    assert [(row.date.day, row.source) for page in (first, second) for row in page.loss_days] == [
        (day - DAY + 1, source) for day, source in keys
    ]
    assert not second.next_page_token


async def test_pages_of_a_day_follow_one_another(served: LossServer) -> None:
    devices = [f"{number:016x}" for number in range(7)]
    await served.rows.write([a_loss_day(device, DAY) for device in devices])
    request = ListLossDaysRequest(parent="devices/-", start_date=FIRST, page_size=3)
    names: list[str] = []
    while True:
        page = await served.stub.ListLossDays(request)
        names += [row.name.split("/")[1] for row in page.loss_days]
        request.page_token = page.next_page_token
        if not request.page_token:
            break
    assert names == devices


async def test_sums_are_those_of_the_rows(served: LossServer) -> None:
    rows = [a_full_row(), replace(a_full_row(), dev_eui=DevEui(OTHER), source="ttn")]
    await served.rows.write(rows)
    sums = await served.client.sum_losses(DAY, DAY + 1)
    assert astuple(sums.total)[4:18] == tuple(2 * count for count in astuple(a_full_row())[4:18])
    assert ([each.source for each in sums.by_source], sums.devices) == (["swu", "ttn"], 2)
    assert (await served.client.sum_losses(DAY, DAY + 1, DevEui(OTHER))).devices == 1


TWO_DAYS_ON, A_MONTH_ON = Date(year=2026, month=1, day=3), Date(year=2026, month=2, day=1)
REFUSED_LISTS = {
    "all devices, no day": (ListLossDaysRequest(parent="devices/-"), "start_date"),
    "all devices, two days": (
        ListLossDaysRequest(parent="devices/-", start_date=FIRST, end_date=TWO_DAYS_ON),
        "end_date",
    ),
    "no device": (ListLossDaysRequest(parent="gateways/1"), "parent"),
    "no days": (ListLossDaysRequest(parent=f"devices/{DEV}", start_date=FIRST, end_date=FIRST), "end_date"),
    "two years": (ListLossDaysRequest(parent=f"devices/{DEV}", start_date=Date(year=2024, month=1, day=1)), "end_date"),
}
REFUSED_SUMS = {
    "a month of all": (QueryLossesRequest(parent="devices/-", start_date=FIRST, end_date=A_MONTH_ON), "end_date"),
    "half a date": (QueryLossesRequest(parent="devices/-", start_date=Date(year=2026), end_date=FIRST), "start_date"),
}


@pytest.mark.parametrize("case", REFUSED_LISTS)
async def test_what_cannot_be_listed_is_refused_by_field(served: LossServer, case: str) -> None:
    asked, field = REFUSED_LISTS[case]
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await served.stub.ListLossDays(asked)
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert explained(refused.value).fields == [field]


@pytest.mark.parametrize("case", REFUSED_SUMS)
async def test_what_cannot_be_summed_is_refused_by_field(served: LossServer, case: str) -> None:
    asked, field = REFUSED_SUMS[case]
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await served.stub.QueryLosses(asked)
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert explained(refused.value).fields == [field]
