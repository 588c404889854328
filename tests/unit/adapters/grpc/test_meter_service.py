"""Metering points over a real server and channel."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration

from adapters.grpc.times import timestamp
from domain.identifiers import DevEui
from domain.meter import Medium, MeterId, MeteringPoint, PointId
from stadtfunk.api.meter.v1.meter_pb2 import Grain, Reason, ValueStatus
from stadtfunk.api.meter.v1.meter_pb2 import Medium as MediumCode
from stadtfunk.api.meter.v1.meter_service_pb2 import (
    GetConsumptionRequest,
    GetMeteringPointRequest,
    ListConsumptionRequest,
    ListExchangeCasesRequest,
    ListMeteringPointsRequest,
    ListReadOutsRequest,
    QueryReadRatesRequest,
    RegisterSelection,
)
from tests.unit.adapters.grpc.metering_server import MeteringServer
from tests.unit.adapters.grpc.platform import Explained, explained
from tests.unit.domain.meter.points import DAY, HOUR, NOW, POINT, ns

NAME = f"meteringPoints/{POINT}"
AUTUMN = "2026-10-25 00:00"


@pytest.fixture
async def city() -> AsyncIterator[MeteringServer]:
    async with MeteringServer().running() as running:
        yield running


def hours_of(day: str, hours: int, **changed: object) -> ListConsumptionRequest:
    """Return a request for the first hours of a day in Berlin."""
    start_ns = ns(f"{day} 00:00")
    facts: dict[str, object] = {
        "parent": NAME,
        "start_time": timestamp(start_ns),
        "end_time": timestamp(start_ns + hours * HOUR),
        "grain": Grain.GRAIN_HOUR,
        "time_zone": "Europe/Berlin",
        **changed,
    }
    return ListConsumptionRequest(**facts)  # type: ignore[arg-type]


async def test_consumption_is_exact_and_says_how_it_came_about(city: MeteringServer) -> None:
    await city.meter()
    await city.read({"2026-06-15 00:00": 1_234_567, "2026-06-16 00:00": 1_334_570})
    answer = await city.meters.GetConsumption(
        GetConsumptionRequest(
            name=f"{NAME}/consumption",
            start_time=timestamp(ns("2026-06-15 00:00")),
            end_time=timestamp(ns("2026-06-16 00:00")),
            time_zone="Europe/Berlin",
        )
    )
    assert (answer.value.unscaled, answer.value.exponent, answer.value.decimal) == (100_003, -3, "100.003")
    assert (answer.measurand, answer.unit, answer.local_start) == ("water.volume", "L", "2026-06-15T00:00:00+02:00")
    assert (answer.status, answer.mscons_status) == (ValueStatus.VALUE_STATUS_MEASURED, "220")
    assert (answer.billable, list(answer.obstacles)) == (True, [])
    assert (answer.start_register.decimal, answer.end_register.decimal) == ("1234.567", "1334.570")
    assert answer.end_reading_time == timestamp(ns("2026-06-16 00:00"))


async def test_a_point_lowers_the_data_class_of_what_is_used_there(city: MeteringServer) -> None:
    await city.meter()
    request = hours_of("2026-06-15", 1)
    (personal,) = (await city.meters.ListConsumption(request)).consumption
    await city.records.put([MeteringPoint(POINT, 2, Medium.WATER, data_class="infrastructure")])
    (lowered,) = (await city.meters.ListConsumption(request)).consumption
    assert (personal.data_class, lowered.data_class) == ("meter_personal", "infrastructure")


async def test_hours_carry_their_offset_and_add_up(city: MeteringServer) -> None:
    await city.meter()
    await city.read({ns(AUTUMN) + hour * HOUR: hour * 7 for hour in range(26)})
    answer = await city.meters.ListConsumption(hours_of("2026-10-25", 25))
    assert [each.local_start[11:] for each in answer.consumption[1:5]] == [
        "01:00:00+02:00",
        "02:00:00+02:00",
        "02:00:00+01:00",
        "03:00:00+01:00",
    ]
    assert sum(each.value.unscaled for each in answer.consumption) == 25 * 7


@pytest.mark.parametrize("size", [1, 10, 24, 25, 26])
async def test_pages_join_without_gap_or_repeat(city: MeteringServer, size: int) -> None:
    await city.meter()
    request, starts = hours_of("2026-10-25", 25, page_size=size), []
    while True:
        answer = await city.meters.ListConsumption(request)
        starts += [each.start_time.seconds for each in answer.consumption]
        assert len(answer.consumption) == min(size, 25 - len(starts) + len(answer.consumption))
        if not answer.next_page_token:
            break
        request.page_token = answer.next_page_token
    assert starts == [ns(AUTUMN) // 10**9 + hour * 3_600 for hour in range(25)]


async def test_a_bucket_without_a_value_says_why(city: MeteringServer) -> None:
    await city.meter()
    (value,) = (await city.meters.ListConsumption(hours_of("2026-06-15", 1))).consumption
    assert not value.HasField("value")
    assert not value.HasField("end_reading_time")
    assert (value.status, value.mscons_status) == (ValueStatus.VALUE_STATUS_INCOMPLETE, "")
    assert list(value.reasons) == [Reason.REASON_NO_READING]
    assert list(value.obstacles) == [Reason.REASON_NOT_FINAL]


async def test_what_the_register_selection_says_is_done(city: MeteringServer) -> None:
    await city.meter()
    await city.read({"2026-06-14 22:00": 0, "2026-06-15 02:00": 400})
    register = RegisterSelection(interpolate=True, max_reading_age=Duration(seconds=14_400))
    (value,) = (await city.meters.ListConsumption(hours_of("2026-06-15", 1, register=register))).consumption
    assert (value.value.unscaled, value.method, value.mscons_status) == (100, "linear_interpolation", "67")


async def test_a_day_may_begin_at_six(city: MeteringServer) -> None:
    await city.meter()
    request = hours_of("2026-06-15", 48, grain=Grain.GRAIN_DAY, day_start_offset=Duration(seconds=6 * 3_600))
    answer = await city.meters.ListConsumption(request)
    assert [each.local_start[:16] for each in answer.consumption] == [
        "2026-06-15T00:00",
        "2026-06-15T06:00",
        "2026-06-16T06:00",
    ]


async def test_points_are_told_and_listed(city: MeteringServer) -> None:
    for number in range(3):
        await city.records.put(
            [MeteringPoint(PointId(f"p{number}"), 5, Medium.HEAT, "Ost", f"House {number}", "", {"a": "b"})]
        )
    point = await city.meters.GetMeteringPoint(GetMeteringPointRequest(name="meteringPoints/p1"))
    assert (point.name, point.medium, point.zone, point.display_name) == (
        "meteringPoints/p1",
        MediumCode.MEDIUM_HEAT,
        "Ost",
        "House 1",
    )
    assert dict(point.labels) == {"a": "b"}
    first = await city.meters.ListMeteringPoints(ListMeteringPointsRequest(page_size=2))
    rest = await city.meters.ListMeteringPoints(
        ListMeteringPointsRequest(page_size=2, page_token=first.next_page_token)
    )
    names = [each.name for page in (first, rest) for each in page.metering_points]
    assert (names, rest.next_page_token) == ([f"meteringPoints/p{number}" for number in range(3)], "")


async def test_read_outs_of_all_points_come_page_by_page(city: MeteringServer) -> None:
    for number in range(3):
        await city.meter(
            PointId(f"p{number}"), MeterId(f"m{number}"), DevEui(f"{number:016x}"), serials=(f"S{number}",)
        )
    await city.read({"2026-09-30 23:30": 815_000}, dev_eui=DevEui(f"{1:016x}"))
    request = ListReadOutsRequest(parent="meteringPoints/-", key_time=timestamp(ns("2026-10-01 00:00")), page_size=2)
    first = await city.meters.ListReadOuts(request)
    request.page_token = first.next_page_token
    rest = await city.meters.ListReadOuts(request)
    found = [*first.read_outs, *rest.read_outs]
    assert (len(first.read_outs), rest.next_page_token) == (2, "")
    assert [(each.metering_point, each.value.decimal) for each in found] == [
        ("meteringPoints/p0", ""),
        ("meteringPoints/p1", "815.000"),
        ("meteringPoints/p2", ""),
    ]
    assert (found[1].obis_code, found[1].serial, found[1].device) == ("8-0:1.0.0", "S1", f"devices/{1:016x}")
    assert list(found[0].reasons) == [Reason.REASON_NO_READING]


async def test_the_read_out_of_one_point_is_asked_for_by_its_name(city: MeteringServer) -> None:
    await city.meter()
    await city.read({"2026-09-30 23:30": 815_000})
    request = ListReadOutsRequest(parent=NAME, key_time=timestamp(ns("2026-10-01 00:00")))
    (found,) = (await city.meters.ListReadOuts(request)).read_outs
    assert (found.metering_point, found.reading_time) == (NAME, timestamp(ns("2026-09-30 23:30")))


async def test_read_rates_and_exchange_cases_are_told(city: MeteringServer) -> None:
    await city.meter(interval_s=3_600, serials=("8SEN0123456",))
    await city.read({ns(AUTUMN) + hour * HOUR: hour for hour in range(20)})
    await city.read({NOW - DAY: "8SEN0999999"}, "meter.identity")
    request = QueryReadRatesRequest(
        start_time=timestamp(ns(AUTUMN)), end_time=timestamp(ns("2026-10-26 00:00")), time_zone="Europe/Berlin"
    )
    (rate,) = (await city.meters.QueryReadRates(request)).read_rates
    assert (rate.zone, rate.medium, rate.expected_count, rate.received_count) == (
        "Weststadt",
        MediumCode.MEDIUM_WATER,
        25,
        20,
    )
    (case,) = (await city.meters.ListExchangeCases(ListExchangeCasesRequest())).exchange_cases
    assert (case.metering_point, case.reported_serial) == (NAME, "8SEN0999999")


@dataclass(frozen=True)
class Bad:
    """A request that names what is wrong with it."""

    field: str
    changed: dict[str, object]


@pytest.mark.parametrize(
    "bad",
    [
        Bad("parent", {"parent": "devices/x"}),
        Bad("parent", {"parent": "meteringPoints/a/b"}),
        Bad("parent", {"parent": "meteringPoints/-"}),
        Bad("start_time", {"start_time": None}),
        Bad("end_time", {"end_time": timestamp(0)}),
        Bad("end_time", {"end_time": timestamp(2**63 - 1)}),
        Bad("grain", {"grain": 0}),
        Bad("time_zone", {"time_zone": "Europe/Ulm"}),
        Bad("time_zone", {"time_zone": ""}),
        Bad("day_start_offset", {"day_start_offset": Duration(seconds=86_400)}),
        Bad("day_start_offset", {"day_start_offset": Duration(nanos=1)}),
        Bad("page_size", {"page_size": -1}),
        Bad("page_token", {"page_token": "x"}),
        Bad("register.max_reading_age", {"register": RegisterSelection(max_reading_age=Duration(seconds=-1))}),
        Bad("measurand", {"register": RegisterSelection(measurand="water.flow")}),
    ],
    ids=str,
)
async def test_a_bad_request_names_its_field(city: MeteringServer, bad: Bad) -> None:
    await city.meter()
    error = await refused(city, hours_of("2026-06-15", 24, **bad.changed))
    assert (error.code, error.reason, error.fields) == (
        grpc.StatusCode.INVALID_ARGUMENT,
        "INVALID_VALUE",
        [bad.field],
    )


async def test_too_many_buckets_are_refused_by_their_own_reason(city: MeteringServer) -> None:
    await city.meter()
    error = await refused(city, hours_of("2026-06-15", 10_001))
    assert (error.code, error.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "TOO_MANY_BUCKETS")


async def test_an_unknown_point_is_not_found(city: MeteringServer) -> None:
    error = await refused(city, hours_of("2026-06-15", 24))
    assert (error.code, error.reason) == (grpc.StatusCode.NOT_FOUND, "NOT_FOUND")


async def test_of_several_registers_one_must_be_chosen(city: MeteringServer) -> None:
    await city.meter(medium=Medium.ELECTRICITY)
    for tariff in ("t1", "t2"):
        await city.read({"2026-06-15 00:00": 0}, "electricity.energy.active.import", tariff)
    request = GetConsumptionRequest(
        name=f"{NAME}/consumption",
        start_time=timestamp(ns("2026-06-15 00:00")),
        end_time=timestamp(ns("2026-06-16 00:00")),
    )
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await city.meters.GetConsumption(request)
    assert explained(caught.value).fields == ["register.channel"]
    request.register.channel = "t2"
    assert (await city.meters.GetConsumption(request)).channel == "t2"


async def refused(city: MeteringServer, request: ListConsumptionRequest) -> Explained:
    """Return why a request is refused."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await city.meters.ListConsumption(request)
    return explained(caught.value)
