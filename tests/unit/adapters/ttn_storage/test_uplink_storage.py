"""The client of the Storage Integration, against a server that speaks as the real one does."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from msgspec.structs import replace

from adapters.ttn.envelope_reader import TtnEnvelopeReader
from adapters.ttn_storage.settings import StorageSettings
from adapters.ttn_storage.uplink_storage import TtnUplinkStorage
from application.errors import ApplicationError, Refused, Unavailable
from application.ports.uplink_log import RawUplink
from domain.radio import Activation, Unreadable, Uplink
from tests.contract.uplink_storage import APPLICATION, NOON_US, Scene, UplinkStorageContract, counters, told
from tests.support.clock import FakeClock
from tests.support.storage_server import BreakOff, Cut, Fault, Nonsense, Silence, Status, StorageServer
from tests.unit.adapters.ttn_storage.asking import HOUR, Names, S, published


class TtsScene(Scene):
    """A server of ours, and the client."""

    def __init__(self, server: StorageServer, storage: TtnUplinkStorage) -> None:
        self.server = server
        self.storage: TtnUplinkStorage = storage

    def hear(self, device_id: str, f_cnt: int, at_us: int) -> None:
        self.server.keep(f"v3/{APPLICATION}@ulm/devices/{device_id}/up", published(device_id, f_cnt, at_us))

    def f_cnt(self, uplink: RawUplink) -> int:
        return int(json.loads(uplink.body)["uplink_message"].get("f_cnt", 0))


def settings_of(server: StorageServer) -> StorageSettings:
    """Return settings that lose no time."""
    return StorageSettings(
        url=server.url,
        key=server.key,
        source="swu",
        applications=(f"{APPLICATION}@ulm",),
        types=("uplink_message",),
        page=100,
        silent_s=0.2,
        attempts=4,
        first_pause_s=0.001,
        longest_pause_s=0.05,
    )


@asynccontextmanager
async def opened(server: StorageServer, **changes: object) -> AsyncIterator[TtsScene]:
    """Open a client."""
    settings = replace(settings_of(server), **changes)
    async with TtnUplinkStorage(settings, FakeClock(), Names()) as storage:
        yield TtsScene(server, storage)


@pytest.fixture
async def server() -> AsyncIterator[StorageServer]:
    """The server."""
    async with StorageServer() as server:
        yield server


@pytest.fixture
async def scene(server: StorageServer) -> AsyncIterator[TtsScene]:
    """Server and client."""
    async with opened(server) as scene:
        yield scene


class TestUplinkStorage(UplinkStorageContract):
    """Pages by time."""


class TestUplinkStorageByToken(UplinkStorageContract):
    """Pages by the server's token."""

    @pytest.fixture
    def scene(self, scene: TtsScene) -> TtsScene:
        scene.server.gives_tokens = True
        return scene


class TestUplinkStorageWithoutOrder(UplinkStorageContract):
    """The server's pages have no order."""

    @pytest.fixture
    def scene(self, scene: TtsScene) -> TtsScene:
        scene.server.keeps_order = False
        return scene


class TestUplinkStorageWithALimitOfItsOwn(UplinkStorageContract):
    """The server gives less at once than it is asked for."""

    @pytest.fixture
    def scene(self, scene: TtsScene) -> TtsScene:
        scene.server.most = 60
        return scene


class TestUplinkStorageAsStrictEventStream(UplinkStorageContract):
    """Something on the way writes the fields of server-sent events."""

    @pytest.fixture
    def scene(self, scene: TtsScene) -> TtsScene:
        scene.server.begins_with = ": keep alive\nevent: message\nid: 7\ndata: "
        return scene


def an_hour(scene: TtsScene, number: int) -> None:
    """Store so many uplinks of an hour."""
    for f_cnt in range(number):
        scene.hear("spot-1", f_cnt, NOON_US + f_cnt * S)


@pytest.mark.parametrize(
    "faults",
    [
        [Cut(0)],
        [Cut(7)],
        [Cut(7), Cut(50), Cut(3)],
        [Silence(4, 1.0)],
        [BreakOff(12)],
        [Status(503), Status(502)],
        [Status(429, {"X-Rate-Limit-Retry": "0"})],
        [Cut(2), Status(429), BreakOff(0)],
    ],
)
async def test_an_answer_that_is_broken_off_is_asked_on_until_all_is_told(
    scene: TtsScene, faults: Sequence[Fault]
) -> None:
    an_hour(scene, 250)
    scene.server.faults = [Status(503), *faults]
    assert counters(scene, await told(scene, HOUR)) == list(range(250))


async def test_an_answer_without_order_that_is_broken_off_is_asked_for_again(scene: TtsScene) -> None:
    scene.server.keeps_order = False
    an_hour(scene, 90)
    scene.server.faults = [Cut(30), Cut(60)]
    assert counters(scene, await told(scene, HOUR)) == list(range(90))


async def test_a_token_that_is_of_no_use_any_more_is_given_up_and_time_leads_on(scene: TtsScene) -> None:
    scene.server.gives_tokens = True
    an_hour(scene, 250)
    asking = scene.storage.stored(replace(HOUR, application_id=APPLICATION))
    pages = []
    async for page in asking:
        pages.append(page)
        if len(pages) == 1:
            scene.server.faults = [Status(400)]
    assert counters(scene, [uplink for page in pages for uplink in page]) == list(range(250))


async def test_the_next_page_is_asked_for_only_when_it_is_wanted(scene: TtsScene) -> None:
    an_hour(scene, 1_000)
    asking = scene.storage.stored(HOUR)
    assert len(await anext(asking)) == 100
    assert scene.storage.requests == 1


async def test_a_server_that_stays_away_is_told_with_its_reason(scene: TtsScene) -> None:
    scene.server.faults = [Status(503)] * 9
    with pytest.raises(Unavailable, match=r"in 4 attempts: it cannot answer now \(HTTP 503"):
        await told(scene, HOUR)
    assert scene.storage.requests == 4


async def test_a_server_that_is_not_there_is_told_with_its_reason(server: StorageServer) -> None:
    async with opened(server, url="http://127.0.0.1:9") as scene:
        with pytest.raises(Unavailable, match="Connect"):
            await told(scene, HOUR)


@pytest.mark.parametrize(
    "status, setting, words",
    [
        (401, "storage_key_file", "does not know our key"),
        (403, "storage_key_file", "right to read application traffic"),
        (404, "storage_applications", "activate its Storage Integration"),
        (400, "storage_url", "HTTP 400"),
        (302, "storage_url", "a key goes nowhere that was not named"),
    ],
)
async def test_a_refusal_names_the_setting_and_the_remedy(
    scene: TtsScene, status: int, setting: str, words: str
) -> None:
    scene.server.faults = [Status(status, {"Location": "https://evil.example"}, "error:x (because)")]
    with pytest.raises(Refused, match=words) as refused:
        await told(scene, HOUR)
    assert refused.value.attributes == {"setting": setting}
    assert scene.server.key not in refused.value.message


async def test_a_wrong_key_is_refused_by_the_server_itself(server: StorageServer) -> None:
    async with opened(server, key="NNSXS.WRONG") as scene:
        with pytest.raises(Refused, match="invalid token"):
            await told(scene, HOUR)


async def test_an_application_that_the_key_may_not_read_is_refused(scene: TtsScene) -> None:
    scene.server.rights = ["another"]
    with pytest.raises(Refused, match=f"application '{APPLICATION}'"):
        await told(scene, HOUR)


async def test_an_error_in_the_middle_of_an_answer_that_is_for_good_is_a_refusal(scene: TtsScene) -> None:
    scene.server.faults = [BreakOff(0, 7, "no rights")]
    with pytest.raises(Refused, match="no rights"):
        await told(scene, HOUR)


@pytest.mark.parametrize("body", [b"<html>", b"{}\n", b"[]\n", b'{"result": 7}\n', b"\xff\n", b'{"result": {"x": \n'])
async def test_what_is_no_store_of_messages_is_said_to_be_none(scene: TtsScene, body: bytes) -> None:
    scene.server.faults = [Nonsense(body)]
    with pytest.raises(Refused, match="does not answer as a Storage Integration does"):
        await told(scene, HOUR)


async def test_a_document_without_an_end_is_not_read_for_ever(scene: TtsScene) -> None:
    scene.server.faults = [Nonsense(b'{"result":"' + b"x" * 5_000_000)]
    with pytest.raises(Refused):
        await told(scene, HOUR)


async def test_a_message_is_the_one_that_was_published_but_for_what_is_not_stored(scene: TtsScene) -> None:
    scene.hear("spot-1", 3, NOON_US)
    [uplink] = await told(scene, HOUR)
    assert uplink.topic == f"v3/{APPLICATION}@ulm/devices/spot-1/up"
    reader = TtnEnvelopeReader()
    live = reader.read(replace(uplink, body=published("spot-1", 3, NOON_US), origin=""))
    assert isinstance(live, Uplink)
    assert live.session
    assert reader.read(uplink) == replace(live, session="", from_storage=True)


async def test_a_message_without_dev_eui_gets_the_one_that_the_registry_knows(scene: TtsScene) -> None:
    scene.server.nameless = {"spot-9"}
    scene.hear("spot-9", 3, NOON_US)
    [uplink] = await told(scene, HOUR)
    read = TtnEnvelopeReader().read(uplink)
    assert isinstance(read, Uplink)
    assert (read.dev_eui, read.f_cnt, read.dev_addr) == ("70b3d5e75e000009", 3, "260b1716")
    assert json.loads(uplink.body)["uplink_message"]["rx_metadata"][0]["gateway_ids"] == {"gateway_id": "ulm-münster"}


async def test_a_message_without_dev_eui_gets_the_one_in_its_name(scene: TtsScene) -> None:
    scene.server.nameless = {"eui-70b3d5e75e000008"}
    scene.hear("eui-70b3d5e75e000008", 3, NOON_US)
    [uplink] = await told(scene, HOUR)
    read = TtnEnvelopeReader().read(uplink)
    assert isinstance(read, Uplink)
    assert read.dev_eui == "70b3d5e75e000008"


async def test_a_message_of_a_device_that_nobody_knows_is_kept_as_it_is(scene: TtsScene) -> None:
    scene.server.nameless = {"spot-2"}
    scene.hear("spot-2", 3, NOON_US)
    [uplink] = await told(scene, HOUR)
    read = TtnEnvelopeReader().read(uplink)
    assert isinstance(read, Unreadable)
    assert read.reason == "dev_eui_missing"


async def test_joins_are_told_before_the_frames_of_their_sessions(server: StorageServer) -> None:
    join = json.loads(published("spot-1", 0, NOON_US))
    join["join_accept"] = {"session_key_id": "AXA50tHUGUucuzS/bCGMNw==", "received_at": join["received_at"]}
    del join["uplink_message"]
    async with opened(server, types=("join_accept", "uplink_message")) as scene:
        scene.hear("spot-1", 0, NOON_US)
        server.keep(f"v3/{APPLICATION}@ulm/devices/spot-1/join", json.dumps(join).encode())
        read = [TtnEnvelopeReader().read(uplink) for uplink in await told(scene, HOUR)]
    assert [type(each) for each in read] == [Activation, Uplink]


async def test_names_are_part_of_a_path_and_nothing_else(scene: TtsScene) -> None:
    asked = replace(HOUR, application_id=APPLICATION, device_id="../../x?y=1")
    assert await told(scene, asked) == []
    assert scene.server.requests[0][0].endswith("/devices/..%2F..%2Fx%3Fy=1/packages/storage/uplink_message")


async def test_a_ca_file_that_is_none_is_refused(server: StorageServer) -> None:
    with pytest.raises(ApplicationError, match="storage_ca_file"):
        async with opened(server, ca_file="/nonexistent"):
            pass


def test_a_key_is_not_printed() -> None:
    settings = StorageSettings(url="https://tts.example", key="NNSXS.SECRET", source="swu", applications=("a@b",))
    assert "SECRET" not in repr(settings)
