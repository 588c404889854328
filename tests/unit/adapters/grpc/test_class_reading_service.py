"""ClassReadingService and ``stadtfunk readings list --class``, asked by a real client."""

from collections.abc import AsyncIterator

import grpc
import pytest

from adapters.grpc.class_reading_client import ClassReadingClient
from adapters.grpc.class_reading_service import class_reading_service
from adapters.grpc.server import GrpcServer
from adapters.memory.class_readings import MemoryClassReadings
from adapters.memory.device_registry import MemoryDeviceRegistry
from adapters.memory.device_states import MemoryDeviceStates
from adapters.memory.observation_store import MemoryObservationStore
from adapters.memory.reading_query import MemoryReadingQuery
from application.errors import Refused
from application.ports.reading_query import StoredReading
from domain.observation import Position
from domain.rfc3339 import format_rfc3339
from stadtfunk.api.reading.v1.class_reading_service_pb2 import QueryClassReadingsRequest
from stadtfunk.api.reading.v1.class_reading_service_pb2_grpc import ClassReadingServiceStub
from stadtfunk.cli import parser
from stadtfunk.commands import readings as command
from tests.support.builders import NOON_NS, a_reading, an_observation
from tests.unit.adapters.grpc.platform import Listening, explained

DAY_NS = 86_400 * 1_000_000_000
DEVICES = [f"{number:016x}" for number in range(1, 4)]


class Served:
    """A server over a store in memory, and its client."""

    def __init__(self) -> None:
        self.store = MemoryObservationStore()
        self.server = GrpcServer(
            Listening(),
            MemoryReadingQuery(self.store),
            MemoryDeviceRegistry(),
            MemoryDeviceStates(),
            more=[class_reading_service(MemoryClassReadings(self.store))],
        )

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"127.0.0.1:{self.server.port}"

    async def asked(self, data_class: str, days: int = 1, **chosen: list[str]) -> list[list[StoredReading]]:
        """Return the messages of a stream from noon on."""
        async with ClassReadingClient(self.address) as client:
            stream = client.query_class_readings(data_class, NOON_NS, NOON_NS + days * DAY_NS, **chosen)
            return [message async for message in stream]


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    """Serve 700 spots' and meters' readings of three devices."""
    served = Served()
    for step in range(700):
        for device in DEVICES:
            readings = [a_reading("parking.occupied", "", step % 2 == 0), a_reading("device.battery.level", "", 9.5)]
            await served.store.write([an_observation(*readings, dev_eui=device, event_ns=NOON_NS + step)])
    async with served.server:
        yield served


async def test_readings_of_all_devices_come_in_time_order_each_with_its_device(served: Served) -> None:
    messages = await served.asked("occupancy")
    found = [each for message in messages for each in message]
    assert [len(message) for message in messages] == [1_000, 1_000, 100]
    assert [(each.event_ns - NOON_NS, each.dev_eui) for each in found] == [
        (step, device) for step in range(700) for device in DEVICES
    ]
    assert all(each.reading.value is (each.event_ns % 2 == NOON_NS % 2) for each in found)


async def test_every_kind_of_value_keeps_its_device(served: Served) -> None:
    places = {device: Position(483984180 + number, 99876543) for number, device in enumerate(DEVICES)}
    for device, place in places.items():
        await served.store.write([an_observation(a_reading("position", "", place), dev_eui=device)])  # type: ignore[arg-type]
    [found] = await served.asked("location")
    assert {each.dev_eui: each.reading.value for each in found} == places


async def test_only_what_is_chosen_comes(served: Served) -> None:
    assert await served.asked("infrastructure", measurands=["lamp.on"]) == []
    assert await served.asked("infrastructure", device_types=["nwave_nps310sm"]) == []
    chosen = await served.asked("infrastructure", measurands=["device.battery.level"], device_types=["bosch_tps110"])
    assert sum(map(len, chosen)) == 2_100


async def test_a_stream_that_broke_goes_on_with_its_token(served: Served) -> None:
    request = QueryClassReadingsRequest(data_class="occupancy")
    request.start_time.FromNanoseconds(NOON_NS)
    request.end_time.FromNanoseconds(NOON_NS + DAY_NS)
    sizes = []
    async with grpc.aio.insecure_channel(served.address) as channel:
        stub = ClassReadingServiceStub(channel)
        for _ in range(3):
            call = stub.QueryClassReadings(request)
            message = await anext(aiter(call))
            call.cancel()
            sizes.append(sum(len(series.devices) for series in message.series))
            request.resume_token = message.resume_token
        assert [message async for message in stub.QueryClassReadings(request)] == []
    assert sizes == [1_000, 1_000, 100]


@pytest.mark.parametrize(
    "field, data_class, since_s, until_s, measurands",
    [
        pytest.param("data_class", "secret", 0, 1, [], id="class"),
        pytest.param("start_time", "location", None, 1, [], id="no begin"),
        pytest.param("end_time", "location", 1, None, [], id="no end"),
        pytest.param("end_time", "location", 1, 0, [], id="backwards"),
        pytest.param("end_time", "location", 0, 31 * 86_400 + 1, [], id="too long"),
        pytest.param("measurands[1]", "location", 0, 1, ["position", "positon"], id="misspelt"),
    ],
)
async def test_a_wrong_request_names_its_field(
    served: Served, field: str, data_class: str, since_s: int | None, until_s: int | None, measurands: list[str]
) -> None:
    request = QueryClassReadingsRequest(data_class=data_class, measurands=measurands)
    if since_s is not None:
        request.start_time.FromSeconds(since_s)
    if until_s is not None:
        request.end_time.FromSeconds(until_s)
    async with grpc.aio.insecure_channel(served.address) as channel:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            [message async for message in ClassReadingServiceStub(channel).QueryClassReadings(request)]
    assert explained(refused.value).code is grpc.StatusCode.INVALID_ARGUMENT
    assert explained(refused.value).fields == [field]


async def test_the_command_prints_the_first_of_a_span(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["readings", "list", "--class", "occupancy", "--since", format_rfc3339(NOON_NS), "--limit", "2"]
    words += ["--until", format_rfc3339(NOON_NS + 1_000_000_000), "--server", served.address]
    await command.ask(parser().parse_args(words))
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[2] for line in lines[1:]] == DEVICES[:2]


@pytest.mark.parametrize(
    "words", [["--class", "location", DEVICES[0]], ["--class", "location", "--known-at", "2026-01-01T00:00:00Z"]]
)
async def test_the_command_refuses_what_a_class_has_not(served: Served, words: list[str]) -> None:
    with pytest.raises(Refused, match="--class asks all devices"):
        await command.ask(parser().parse_args(["readings", "list", "--server", served.address, *words]))


async def test_the_command_refuses_a_type_without_a_class(served: Served) -> None:
    with pytest.raises(Refused, match="give --class"):
        await command.ask(parser().parse_args(["readings", "list", "--server", served.address, "--device-type", "x"]))
