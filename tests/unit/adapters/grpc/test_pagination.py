"""The laws of pages: together they are the whole list, and a token fits only where it came from."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.grpc.device_service import DeviceService
from adapters.grpc.interceptors import Context
from adapters.grpc.pagination import Tokens, page_size
from adapters.grpc.reading_mapping import stored_reading
from adapters.grpc.reading_service import ReadingService
from adapters.memory.device_registry import MemoryDeviceRegistry
from adapters.memory.device_states import MemoryDeviceStates
from adapters.memory.observation_store import MemoryObservationStore
from adapters.memory.reading_query import MemoryReadingQuery
from domain.errors import InvalidValue
from domain.observation import Observation
from stadtfunk.api.device.v1.device_service_pb2 import ListDevicesRequest
from stadtfunk.api.reading.v1.reading_service_pb2 import ListReadingsRequest
from tests.support.builders import DEV, a_device, a_reading, an_observation

NO_CONTEXT: Context = None  # type: ignore[assignment]  # these services do not look at it
CHANNELS = st.lists(st.sampled_from(["", "a", "b", "c"]), min_size=1, max_size=4, unique=True)
PLACES = st.tuples(st.integers(-(2**63), 2**63 - 1), st.text(max_size=5), st.text(max_size=5))


@st.composite
def observations(draw: st.DrawFn) -> list[Observation]:
    """Draw observations at few instants, so that instants are shared."""
    instants = draw(st.lists(st.integers(-3, 6), max_size=12, unique=True))
    return [
        an_observation(*(a_reading(channel=channel) for channel in draw(CHANNELS)), event_ns=instant)
        for instant in instants
    ]


async def pages_of_readings(service: ReadingService, size: int) -> list[list[str]]:
    """Return the names of all readings, page by page."""
    request = ListReadingsRequest(parent=f"devices/{DEV}", page_size=size)
    pages: list[list[str]] = []
    while True:
        page = await service.ListReadings(request, NO_CONTEXT)
        pages.append([reading.name for reading in page.readings])
        request.page_token = page.next_page_token
        if not request.page_token:
            return pages


@given(observations(), st.integers(1, 60))
async def test_pages_of_readings_are_together_the_whole_list(whole: list[Observation], size: int) -> None:
    store, registry = MemoryObservationStore(), MemoryDeviceRegistry()
    await store.write(whole)
    await registry.register([a_device()])
    service = ReadingService(MemoryReadingQuery(store), registry, most_readings=1_000)
    request = ListReadingsRequest(parent=f"devices/{DEV}", page_size=1_000)
    everything = [reading.name for reading in (await service.ListReadings(request, NO_CONTEXT)).readings]
    assert len(everything) == sum(len(each.readings) for each in whole)
    pages = await pages_of_readings(service, size)
    assert [name for page in pages for name in page] == everything
    assert all(len(page) == size for page in pages[:-1])
    assert everything == [] or len(pages[-1]) > 0


@given(st.integers(0, 25), st.integers(1, 30))
async def test_pages_of_devices_are_together_the_whole_list(count: int, size: int) -> None:
    registry = MemoryDeviceRegistry()
    await registry.register([a_device(f"{number:016x}") for number in range(count)])
    service = DeviceService(registry, MemoryDeviceStates())
    request = ListDevicesRequest(page_size=size)
    names: list[str] = []
    while True:
        page = await service.ListDevices(request, NO_CONTEXT)
        names.extend(each.name for each in page.devices)
        request.page_token = page.next_page_token
        if not request.page_token:
            break
        assert len(page.devices) == size
    assert names == [f"devices/{number:016x}" for number in range(count)]


async def test_readings_that_come_while_somebody_pages_do_not_shift_the_pages() -> None:
    store, registry = MemoryObservationStore(), MemoryDeviceRegistry()
    await store.write([an_observation(event_ns=instant) for instant in (1, 2, 3, 4)])
    service = ReadingService(MemoryReadingQuery(store), registry, most_readings=1_000)
    request = ListReadingsRequest(parent=f"devices/{DEV}", page_size=2)
    first = await service.ListReadings(request, NO_CONTEXT)
    await store.write([an_observation(event_ns=5)])
    request.page_token = first.next_page_token
    second = await service.ListReadings(request, NO_CONTEXT)
    assert [stored_reading(each).event_ns for each in (*first.readings, *second.readings)] == [4, 3, 2, 1]


@given(PLACES)
def test_a_token_names_its_place(place: tuple[int, str, str]) -> None:
    request = ListReadingsRequest(parent=f"devices/{DEV}", page_size=10)
    request.page_token = Tokens(request, "page_token").token(place)
    request.page_size = 20
    assert Tokens(request, "page_token").place(tuple[int, str, str]) == place


@settings(max_examples=300)
@given(PLACES, st.data())
def test_a_token_with_any_other_character_is_refused(place: tuple[int, str, str], data: st.DataObject) -> None:
    request = ListReadingsRequest(parent=f"devices/{DEV}")
    token = Tokens(request, "page_token").token(place)
    index = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda each: each != token[index]))
    request.page_token = token[:index] + other + token[index + 1 :]
    with pytest.raises(InvalidValue) as refused:
        Tokens(request, "page_token").place(tuple[int, str, str])
    assert refused.value.attributes["field"] == "page_token"


@pytest.mark.parametrize("channel", ["", "a", "bb"])
def test_a_token_written_another_way_is_refused(channel: str) -> None:
    request = ListReadingsRequest(parent=f"devices/{DEV}")
    token = Tokens(request, "page_token").token((1, "m", channel))
    others = [each for each in string.ascii_letters + string.digits + "-_=" if each != token[-1]]
    for text in [*(token[:-1] + other for other in others), token + "=", token + "\n", " " + token]:
        request.page_token = text
        with pytest.raises(InvalidValue):
            Tokens(request, "page_token").place(tuple[int, str, str])


@given(st.text(min_size=1))
def test_no_text_of_a_strangers_is_a_token(text: str) -> None:
    request = ListReadingsRequest(parent=f"devices/{DEV}")
    request.page_token = text.encode("utf-8", "ignore").decode() or "x"
    with pytest.raises(InvalidValue):
        Tokens(request, "page_token").place(tuple[int, str, str])


def test_a_token_of_one_method_does_not_fit_another() -> None:
    devices = ListDevicesRequest()
    readings = ListReadingsRequest(page_token=Tokens(devices, "page_token").token((1, "", "")))
    with pytest.raises(InvalidValue):
        Tokens(readings, "page_token").place(tuple[int, str, str])


@pytest.mark.parametrize("asked,given_size", [(0, 50), (1, 1), (1_000, 1_000), (1_001, 1_000), (2**31 - 1, 1_000)])
def test_a_page_has_between_one_and_a_thousand_entries(asked: int, given_size: int) -> None:
    assert page_size(asked) == given_size


def test_a_page_of_less_than_nothing_is_refused() -> None:
    with pytest.raises(InvalidValue, match="negative"):
        page_size(-1)
