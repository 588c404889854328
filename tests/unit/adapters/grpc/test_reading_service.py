"""ReadingService, asked by a real client: rows page by page and columns as a stream."""

from collections.abc import Iterable

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from adapters.grpc.limits import Limits
from application.errors import Unavailable
from domain.device import DeviceEntry
from domain.observation import Position
from stadtfunk.api.reading.v1.reading_pb2 import Quality, TimeOrigin
from stadtfunk.api.reading.v1.reading_service_pb2 import (
    ListReadingsRequest,
    ListReadingsResponse,
    QueryReadingsRequest,
    QueryReadingsResponse,
)
from tests.support.builders import DEV, NOON_NS, NS, a_device, a_reading, an_observation
from tests.unit.adapters.grpc.faults import FaultyReadings
from tests.unit.adapters.grpc.platform import Platform, every_quarter, explained

OTHER = "00000000000000aa"
SILENT = "00000000000000bb"
NOON = Timestamp(seconds=NOON_NS // NS)
BEYOND_A_DOUBLE = 2**53 + 1


async def listed(platform: Platform, **fields: object) -> ListReadingsResponse:
    """List readings of DEV."""
    return await platform.readings.ListReadings(ListReadingsRequest(**{"parent": f"devices/{DEV}", **fields}))  # type: ignore[arg-type]  # a test names any field


async def queried(platform: Platform, *devices: str, **fields: object) -> list[QueryReadingsResponse]:
    """Stream readings of ``devices`` to the end."""
    request = QueryReadingsRequest(devices=[f"devices/{each}" for each in devices], **fields)  # type: ignore[arg-type]  # as above
    return [message async for message in platform.readings.QueryReadings(request)]


async def until_it_fails(platform: Platform, *devices: str) -> tuple[list[QueryReadingsResponse], grpc.aio.AioRpcError]:
    """Stream readings of ``devices`` until an error ends the stream."""
    messages: list[QueryReadingsResponse] = []
    stream = platform.readings.QueryReadings(QueryReadingsRequest(devices=[f"devices/{each}" for each in devices]))
    try:
        async for message in stream:
            messages.append(message)  # noqa: PERF401  a comprehension would lose them
    except grpc.aio.AioRpcError as error:
        return messages, error
    raise AssertionError("it did not fail")


def instants(messages: Iterable[QueryReadingsResponse]) -> list[tuple[str, int]]:
    """Return device and frame counter of every reading."""
    return [(message.device, f_cnt) for message in messages for series in message.series for f_cnt in series.f_cnts]


class TestListReadings:
    async def test_a_reading_says_all_that_is_known_of_it(self, platform: Platform) -> None:
        reading = a_reading("electricity.energy.active.import", "t1", 5_528_152_815, exponent=-4)
        await platform.stored(an_observation(reading, event_ns=NOON_NS + 7, written_us=NOON_NS // 1_000 + 5, f_cnt=9))
        [found] = (await listed(platform)).readings
        assert found.name == f"devices/{DEV}/readings/electricity.energy.active.import~t1~{NOON_NS + 7}"
        assert (found.measurand, found.channel, found.unit) == ("electricity.energy.active.import", "t1", "W.h")
        assert found.event_time == Timestamp(seconds=NOON_NS // NS, nanos=7)
        assert found.write_time == Timestamp(seconds=NOON_NS // NS, nanos=5_000)
        assert found.value.register_value.unscaled == 5_528_152_815
        assert found.value.register_value.exponent == -4
        assert found.value.register_value.decimal == "552815.2815"
        assert found.quality == Quality.QUALITY_MEASURED
        assert found.time_origin == TimeOrigin.TIME_ORIGIN_NETWORK
        assert found.uncertainty.ToMilliseconds() == 2_000
        assert (found.device_type, found.decoder) == ("bosch_tps110", "bosch_tps110@1")
        assert (found.source, found.f_cnt) == ("swu", 9)

    async def test_a_register_beyond_what_a_double_holds_is_exact(self, platform: Platform) -> None:
        reading = a_reading("electricity.energy.active.import", "", BEYOND_A_DOUBLE, exponent=-4)
        await platform.stored(an_observation(reading))
        [found] = (await listed(platform)).readings
        assert found.value.register_value.unscaled == BEYOND_A_DOUBLE
        assert found.value.register_value.decimal == "900719925474.0993"

    async def test_each_kind_of_value_has_its_field(self, platform: Platform) -> None:
        place = Position(484_000_000, 99_876_543, altitude_m=478.5)
        await platform.stored(
            an_observation(
                a_reading("device.alarm", "", value=True),
                a_reading("device.lifecycle", "", "startup"),
                a_reading("device.status_word", "", 300),
                a_reading("device.temperature", "", 21.5),
                a_reading("meter.pulse_count", "pulse1", 12),
                a_reading("position", "", place),  # type: ignore[arg-type]  # the builder has no places
            )
        )
        values = [found.value for found in (await listed(platform)).readings]
        kinds = [value.WhichOneof("kind") for value in values]
        assert kinds == [
            "bool_value",
            "string_value",
            "int64_value",
            "double_value",
            "register_value",
            "position_value",
        ]
        assert values[5].position_value.latitude_e7 == 484_000_000
        assert not values[5].position_value.HasField("satellite_count")

    async def test_the_newest_come_first(self, platform: Platform) -> None:
        await platform.stored(*every_quarter(3, DEV))
        assert [found.f_cnt for found in (await listed(platform)).readings] == [2, 1, 0]

    async def test_the_range_has_its_start_and_not_its_end(self, platform: Platform) -> None:
        await platform.stored(*every_quarter(4, DEV))
        start, end = Timestamp(seconds=NOON.seconds + 900), Timestamp(seconds=NOON.seconds + 2_700)
        found = (await listed(platform, start_time=start, end_time=end)).readings
        assert [each.f_cnt for each in found] == [2, 1]

    async def test_the_end_of_time_is_no_mistake(self, platform: Platform) -> None:
        await platform.stored(*every_quarter(1, DEV))
        found = await listed(platform, end_time=Timestamp(seconds=253_402_300_799, nanos=999_999_999))
        assert len(found.readings) == 1

    async def test_measurands_and_channels_can_be_chosen(self, platform: Platform) -> None:
        await platform.stored(
            an_observation(
                a_reading("meter.pulse_count", "pulse1", 1),
                a_reading("meter.pulse_count", "", 2),
                a_reading("device.temperature", "", 20.0),
            )
        )
        assert len((await listed(platform, measurands=["meter.pulse_count"])).readings) == 2
        [found] = (await listed(platform, measurands=["meter.pulse_count"], channels=[""])).readings
        assert found.value.register_value.unscaled == 2

    async def test_a_page_has_fifty_readings_unless_more_are_asked_for(self, platform: Platform) -> None:
        await platform.stored(*every_quarter(1_200, DEV))
        assert len((await listed(platform)).readings) == 50
        assert len((await listed(platform, page_size=51)).readings) == 51
        assert len((await listed(platform, page_size=5_000)).readings) == 1_000

    async def test_the_last_page_has_no_token(self, platform: Platform) -> None:
        await platform.stored(*every_quarter(4, DEV))
        first = await listed(platform, page_size=2)
        second = await listed(platform, page_size=2, page_token=first.next_page_token)
        assert [each.f_cnt for each in second.readings] == [1, 0]
        assert second.next_page_token == ""

    async def test_a_registered_device_without_readings_has_an_empty_page(self, platform: Platform) -> None:
        await platform.registry.register([a_device(DEV)])
        assert await listed(platform) == ListReadingsResponse()

    async def test_an_unknown_device_is_not_found(self, platform: Platform) -> None:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await listed(platform)
        told = explained(refused.value)
        assert (told.code, told.reason) == (grpc.StatusCode.NOT_FOUND, "NOT_FOUND")
        assert told.metadata["dev_eui"] == DEV

    @pytest.mark.parametrize(
        "fields,named",
        [
            ({"parent": ""}, "parent"),
            ({"parent": "devices/12"}, "parent"),
            ({"parent": f"gateways/{DEV}"}, "parent"),
            ({"page_size": -1}, "page_size"),
            ({"page_token": "?"}, "page_token"),
            ({"page_token": "AAAA"}, "page_token"),
            ({"start_time": Timestamp(seconds=-62_135_596_801)}, "start_time"),
            ({"end_time": Timestamp(seconds=253_402_300_800)}, "end_time"),
            ({"end_time": Timestamp(nanos=1_000_000_000)}, "end_time"),
            ({"start_time": Timestamp(nanos=-1)}, "start_time"),
            ({"start_time": Timestamp(seconds=2), "end_time": Timestamp(seconds=1)}, "end_time"),
            ({"measurands": ["water.volume", "water.volumen"]}, "measurands[1]"),
        ],
    )
    async def test_a_bad_field_is_named(self, platform: Platform, fields: dict[str, object], named: str) -> None:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await listed(platform, **fields)
        told = explained(refused.value)
        assert told.code is grpc.StatusCode.INVALID_ARGUMENT
        assert told.fields == [named]

    async def test_a_token_belongs_to_its_request(self, platform: Platform) -> None:
        await platform.stored(*every_quarter(4, DEV), *every_quarter(4, OTHER))
        token = (await listed(platform, page_size=2)).next_page_token
        for changed in ({"parent": f"devices/{OTHER}"}, {"start_time": NOON}, {"channels": [""]}):
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await listed(platform, page_token=token, **changed)
            assert explained(refused.value).fields == ["page_token"]

    async def test_a_store_that_does_not_answer_is_said_without_its_inner_words(self) -> None:
        readings = FaultyReadings(Unavailable("no host of 10.0.0.7 answers", where="10.0.0.7"))
        async with Platform(readings=readings).running() as platform:
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await listed(platform)
        told = explained(refused.value)
        assert (told.code, told.reason, told.retry) == (grpc.StatusCode.UNAVAILABLE, "UNAVAILABLE", True)
        assert "10.0.0.7" not in str(told)


class TestQueryReadings:
    async def test_devices_come_in_the_order_asked_for_and_once(self, platform: Platform) -> None:
        await platform.stored(*every_quarter(2, DEV), *every_quarter(1, OTHER))
        messages = await queried(platform, OTHER, DEV, SILENT, OTHER.upper())
        assert [message.device for message in messages] == [f"devices/{OTHER}", f"devices/{DEV}"]

    async def test_a_message_has_at_most_a_thousand_readings_of_one_device(self, platform: Platform) -> None:
        await platform.stored(*every_quarter(2_500, DEV), *every_quarter(10, OTHER))
        messages = await queried(platform, DEV, OTHER)
        counts = [sum(len(series.event_times_ns) for series in message.series) for message in messages]
        assert counts == [1_000, 1_000, 500, 10]

    async def test_registers_are_exact(self, platform: Platform) -> None:
        reading = a_reading("electricity.energy.active.import", "", -BEYOND_A_DOUBLE, exponent=-4)
        await platform.stored(an_observation(reading))
        [[series]] = [message.series for message in await queried(platform, DEV)]
        assert series.registers.exponent == -4
        assert list(series.registers.unscaled) == [-BEYOND_A_DOUBLE]

    async def test_range_and_choice_hold_for_streams_too(self, platform: Platform) -> None:
        await platform.stored(*every_quarter(4, DEV))
        end = Timestamp(seconds=NOON.seconds + 1_800)
        [message] = await queried(platform, DEV, start_time=NOON, end_time=end, measurands=["parking.occupied"])
        assert list(message.series[0].f_cnts) == [0, 1]
        assert await queried(platform, DEV, measurands=["water.volume"]) == []

    @pytest.mark.parametrize("taken", [1, 2, 3, 4])
    async def test_a_broken_stream_goes_on_where_it_broke(self, platform: Platform, taken: int) -> None:
        await platform.stored(*every_quarter(2_100, DEV), *every_quarter(1_100, OTHER))
        whole = await queried(platform, DEV, OTHER)
        assert len(whole) == 5
        rest = await queried(platform, DEV, OTHER, resume_token=whole[taken - 1].resume_token)
        assert instants(rest) == instants(whole[taken:])

    async def test_readings_of_the_instant_it_broke_at_are_neither_lost_nor_repeated(self, platform: Platform) -> None:
        readings = [a_reading("device.alarm", f"a{number:04d}", value=True) for number in range(1_500)]
        await platform.stored(an_observation(*readings))
        first, second = await queried(platform, DEV)
        assert await queried(platform, DEV, resume_token=first.resume_token) == [second]

    async def test_a_stream_that_was_whole_goes_on_with_nothing(self, platform: Platform) -> None:
        await platform.stored(*every_quarter(3, DEV))
        [message] = await queried(platform, DEV)
        assert await queried(platform, DEV, resume_token=message.resume_token) == []

    async def test_a_stream_sends_only_so_much_and_can_be_taken_up_again(self) -> None:
        async with Platform(Limits(most_readings=2_000)).running() as platform:
            await platform.stored(*every_quarter(2_500, DEV))
            messages, refused = await until_it_fails(platform, DEV)
            rest = await queried(platform, DEV, resume_token=messages[-1].resume_token)
            assert [number for _, number in instants([*messages, *rest])] == list(range(2_500))
            told = explained(refused)
            assert (told.code, told.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "STREAM_LIMIT")

    @pytest.mark.parametrize(
        "fields,named",
        [
            ({}, "devices"),
            ({"devices": [f"devices/{number:016x}" for number in range(1_001)]}, "devices"),
            ({"devices": [f"devices/{DEV}", DEV]}, "devices[1]"),
            ({"devices": [f"devices/{DEV}"], "resume_token": "AAAA"}, "resume_token"),
            ({"devices": [f"devices/{DEV}"], "start_time": Timestamp(nanos=-1)}, "start_time"),
            ({"devices": [f"devices/{DEV}"], "measurands": ["x"]}, "measurands[0]"),
        ],
    )
    async def test_a_bad_field_is_named(self, platform: Platform, fields: dict[str, object], named: str) -> None:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            _ = [message async for message in platform.readings.QueryReadings(QueryReadingsRequest(**fields))]  # type: ignore[arg-type]  # as above
        told = explained(refused.value)
        assert told.code is grpc.StatusCode.INVALID_ARGUMENT
        assert told.fields == [named]

    async def test_a_thousand_devices_can_be_asked_for(self, platform: Platform) -> None:
        await platform.stored(*every_quarter(1, DEV))
        messages = await queried(platform, *(f"{number:016x}" for number in range(999)), DEV)
        assert len(messages) == 1

    async def test_a_store_that_breaks_midway_ends_the_stream_with_an_error(self) -> None:
        readings = FaultyReadings(Unavailable("gone"), after=every_quarter(1, DEV))
        async with Platform(readings=readings).running() as platform:
            messages, refused = await until_it_fails(platform, DEV)
        assert [message.device for message in messages] == [f"devices/{DEV}"]
        assert explained(refused).code is grpc.StatusCode.UNAVAILABLE


@pytest.mark.parametrize(
    "said,water,battery",
    [("", "meter_personal", "infrastructure"), ("infrastructure",) * 3, ("location", "location", "infrastructure")],
)
async def test_the_registry_raises_or_lowers_whose_business_a_devices_readings_are(
    platform: Platform, said: str, water: str, battery: str
) -> None:
    readings = [a_reading("water.volume", "pulse1", 1, -3), a_reading("device.battery.voltage", "", 3.6)]
    await platform.stored(an_observation(*readings))
    await platform.records.put([DeviceEntry(DEV, 1, data_class=said)])
    page = await listed(platform)
    assert {each.measurand: each.data_class for each in page.readings} == {
        "water.volume": water,
        "device.battery.voltage": battery,
    }
    [chunk] = await queried(platform, DEV)
    assert {each.measurand: each.data_class for each in chunk.series} == {
        "water.volume": water,
        "device.battery.voltage": battery,
    }


async def test_a_reading_of_a_measurand_that_is_unknown_is_somebodys_business(platform: Platform) -> None:
    await platform.stored(an_observation(a_reading("made.up", "", 1.0)))
    page = await listed(platform)
    assert page.readings[0].data_class == "meter_personal"
