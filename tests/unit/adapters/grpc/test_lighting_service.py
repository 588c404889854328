"""LightingService, asked by a real client."""

from collections.abc import AsyncIterator, Awaitable

import grpc
import pytest
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from adapters.grpc.lighting_mapping import ALARM_KINDS
from application.errors import NotFound
from domain.between import Between
from domain.lighting import (
    AlarmKind,
    BurningHours,
    Circuit,
    Fault,
    Gear,
    Lamp,
    LampAlarm,
    Latest,
    Origin,
    Shortcoming,
    SwitchingSchedule,
)
from domain.observation import Position, Reading
from stadtfunk.api.lighting.v1.lighting_service_pb2 import (
    GetLampRequest,
    ListCircuitsRequest,
    ListLampAlarmsRequest,
    ListLampFaultsRequest,
    ListLampsRequest,
    QueryBurningHoursRequest,
)
from tests.support.builders import DEV, NOON_NS, NS
from tests.unit.adapters.grpc.city_platform import CityPlatform
from tests.unit.adapters.grpc.platform import explained
from tests.unit.application.city import at

OTHER = "00000000000000aa"
HOUR, HOUR_NS = 60, 3_600_000_000_000
NOON = Timestamp(seconds=NOON_NS // NS)
BEYOND_A_DOUBLE = 2**53 + 1


@pytest.fixture
async def city() -> AsyncIterator[CityPlatform]:
    """Serve a circuit of two lamps that should burn from 18:00 to 06:00 UTC; it is 22:00."""
    async with CityPlatform().running() as city:
        await city.knows(
            SwitchingSchedule("nachts", 1, 0, ("18:00/06:00",), "UTC"),
            Circuit("kreis-1", 1, 0, "schrank-1", "nachts", expected_interval_s=3_600),
            Lamp("lampe-1", 1, 0, "kreis-1", DEV, "dali3", Position(484_000_000, 99_900_000, "surveyed")),
            Lamp("lampe-2", 1, 0, "kreis-1", OTHER),
            Gear("lampe-1", 1, at(-9_000), "XS-17"),
        )
        said = [
            (9.5 * HOUR, Reading("lamp.dim_level", "dali3", 70.0)),
            (9.5 * HOUR, Reading("lamp.fault", "lamp.latched", True)),
            (9 * HOUR, Reading("electricity.energy.active.import", "dali3", BEYOND_A_DOUBLE, -4)),
        ]
        await city.is_at(9.5 * HOUR, DEV, said)
        await city.is_at(9.5 * HOUR, OTHER, [(9.5 * HOUR, Reading("lamp.on", "", True))])
        yield city


async def test_a_lamp_says_all_that_is_known_of_it(city: CityPlatform) -> None:
    lamp = await city.lighting_stub.GetLamp(GetLampRequest(name="lamps/lampe-1"))
    assert (lamp.name, lamp.circuit, lamp.device) == ("lamps/lampe-1", "circuits/kreis-1", f"devices/{DEV}")
    assert (lamp.channel, lamp.gear_serial) == ("dali3", "XS-17")
    assert (lamp.on.value.bool_value, lamp.dim_level.value.double_value) == (True, 70.0)
    assert lamp.energy.value.register_value.unscaled == BEYOND_A_DOUBLE
    assert not lamp.HasField("power")
    assert (lamp.planned, lamp.silent, lamp.dark) == (True, False, False)
    assert list(lamp.faults) == ["lamp.latched"]


async def test_a_client_reads_back_what_was_said(city: CityPlatform) -> None:
    view = await city.lighting.get_lamp("lampe-1")
    assert view.state.energy == Latest(at(9 * HOUR), BEYOND_A_DOUBLE, -4)
    assert view.state.power is None
    assert (view.is_planned, view.last_seen_ns, view.faults) == (True, at(9.5 * HOUR), ("lamp.latched",))
    assert view.is_lit


async def test_lamps_come_page_by_page(city: CityPlatform) -> None:
    first = await city.lighting_stub.ListLamps(ListLampsRequest(page_size=1))
    second = await city.lighting_stub.ListLamps(ListLampsRequest(page_size=1, page_token=first.next_page_token))
    assert [lamp.name for lamp in (*first.lamps, *second.lamps)] == ["lamps/lampe-1", "lamps/lampe-2"]
    assert second.next_page_token == ""
    assert len(await city.lighting.list_lamps(limit=9, circuit="kreis-1")) == 2
    assert await city.lighting.list_lamps(limit=9, circuit="kreis-9") == []


async def test_a_dark_circuit_is_one_alarm(city: CityPlatform) -> None:
    await city.is_at(1, DEV)
    await city.is_at(2, OTHER)
    dark = LampAlarm(AlarmKind.CIRCUIT_DARK, "kreis-1", ("lampe-1", "lampe-2"), at(2))
    assert await city.lighting.list_alarms() == [dark]
    [circuit] = await city.lighting.list_circuits(limit=9)
    assert (circuit.lamps, circuit.lit, circuit.silent, circuit.is_planned) == (2, 0, 2, True)
    assert circuit.alarms == [dark]


async def test_alarms_and_circuits_come_page_by_page(city: CityPlatform) -> None:
    await city.knows(
        *(Lamp(f"solo-{number}", 1, at(0), f"kreis-{number + 2}", f"{number:016x}") for number in range(5)),
        *(Circuit(f"kreis-{number}", 1, 0, "", "nachts", expected_interval_s=3_600) for number in range(2, 7)),
    )
    alarms, circuits, token = [], [], ""
    while True:
        page = await city.lighting_stub.ListLampAlarms(ListLampAlarmsRequest(page_size=2, page_token=token))
        alarms += [alarm.subject for alarm in page.lamp_alarms]
        token = page.next_page_token
        if not token:
            break
    while True:
        listed = await city.lighting_stub.ListCircuits(ListCircuitsRequest(page_size=3, page_token=token))
        circuits += [circuit.name for circuit in listed.circuits]
        token = listed.next_page_token
        if not token:
            break
    assert alarms == [f"solo-{number}" for number in range(5)]
    assert circuits == [f"circuits/kreis-{number}" for number in range(1, 7)]


async def test_burning_hours_come_by_both_origins_and_by_plan(city: CityPlatform) -> None:
    await city.hears(0, Reading("lamp.on_time", "dali3", 1_000 * 3_600))
    for hour in range(6, 11):
        told = [Reading("lamp.dim_level", "dali3", 70.0), Reading("lamp.on_time", "dali3", (994 + hour) * 3_600)]
        await city.hears(hour * HOUR, *told)
    hours = await city.lighting.query_hours("lampe-1", at(0), at(99 * HOUR))
    assert (hours.since_ns, hours.until_ns) == (at(0), at(10 * HOUR))
    assert hours.registered == BurningHours(Origin.REGISTER, 4 * HOUR_NS)
    assert hours.computed == BurningHours(Origin.COMPUTED, 4 * HOUR_NS)
    assert hours.planned_ns == 4 * HOUR_NS
    nothing = await city.lighting.query_hours("lampe-2", at(0), at(1))
    assert Shortcoming.NO_READING in nothing.registered.shortcomings


async def test_faults_come_with_the_time_of_their_repair(city: CityPlatform) -> None:
    for hour, faulty in ((0, False), (2, True), (4, True), (5, False)):
        await city.hears(hour * HOUR, Reading("lamp.fault", "lamp.dali3", faulty))
    assert await city.lighting.list_faults("lampe-1", at(-1), at(600)) == [
        Fault("lamp.dali3", Between(at(0), at(2 * HOUR)), Between(at(4 * HOUR), at(5 * HOUR)), False)
    ]
    request = ListLampFaultsRequest(lamp="lamps/lampe-1", start_time=NOON)
    [fault] = (await city.lighting_stub.ListLampFaults(request)).lamp_faults
    assert (fault.shortest_duration.seconds, fault.longest_duration.seconds) == (2 * 3_600, 5 * 3_600)


async def test_a_bad_field_is_named(city: CityPlatform) -> None:
    stub = city.lighting_stub
    calls: list[tuple[Awaitable[Message], str]] = [
        (stub.GetLamp(GetLampRequest(name="lamp/1")), "name"),
        (stub.ListLamps(ListLampsRequest(circuit="kreis-1")), "circuit"),
        (stub.QueryBurningHours(QueryBurningHoursRequest(lamp="lampe-1", start_time=NOON)), "lamp"),
        (stub.QueryBurningHours(QueryBurningHoursRequest(lamp="lamps/lampe-1")), "start_time"),
    ]
    for call, named in calls:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await call
        told = explained(refused.value)
        assert told.code is grpc.StatusCode.INVALID_ARGUMENT
        assert told.fields == [named]


async def test_a_lamp_that_is_not_registered_is_not_found(city: CityPlatform) -> None:
    with pytest.raises(NotFound):
        await city.lighting.get_lamp("lampe-9")
    with pytest.raises(NotFound):
        await city.lighting.query_hours("lampe-9", at(0), at(1))


def test_every_kind_of_alarm_has_its_code() -> None:
    assert set(ALARM_KINDS) == set(AlarmKind)
    assert len(set(ALARM_KINDS.values()) - {0}) == len(ALARM_KINDS)
