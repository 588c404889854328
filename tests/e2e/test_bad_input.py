"""Whatever a broker hands over, good messages are served, bad ones are kept with their reason, and nobody stops."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from uuid import uuid4

import pytest
from msgspec import Struct

from adapters.grpc.client import GrpcClient
from adapters.mqtt.publisher import MqttPublisher
from adapters.mqtt.settings import PublisherSettings
from application.errors import NotFound
from domain.device import FrameSummary
from domain.observation import Reading
from stadtfunk.cli import main
from tests.e2e.command import command
from tests.e2e.messages import FREE, OCCUPIED, body, dev_eui, message, topic, with_field
from tests.e2e.platform import Platform, asked_for, source
from tests.e2e.scene import has_started
from tests.support.eventually import eventually
from tools.services.address import MqttAddress

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

_OVERSIZED = 2_000_000
_LARGEST_ENVELOPE = 1_000_000
"""Of what is larger, Kafka keeps the beginning, as its topic allows."""
_DEEP = 100_000


class Bad(Struct):
    """A message that yields nothing, and what is said of it."""

    name: str
    body: Callable[[int], bytes]
    """Of a parking spot; its frame counter is 1."""
    reason: str
    detail: str
    """Part of what the dead letter says."""
    is_received: bool = False
    """Whether its envelope can be read, so that the frame counts as received."""
    has_device: bool = True
    """Whether its sender can be told."""


def _field(path: str, value: object) -> Callable[[int], bytes]:
    return lambda spot: body(with_field(message(spot, 1), path, value))


def _raw(raw: bytes) -> Callable[[int], bytes]:
    return lambda _: raw


_UP = "uplink_message"
_UNREADABLE = "envelope_unreadable"
BAD = (
    Bad("no JSON", _raw(b"{not json"), _UNREADABLE, "the message is", has_device=False),
    Bad("nothing", _raw(b""), _UNREADABLE, "truncated", has_device=False),
    Bad("no text", _raw(b'{"end_device_ids":{"device_id":"\xff"}}'), _UNREADABLE, "UTF-8", has_device=False),
    Bad("NUL", _raw(b"\x00" * 16), _UNREADABLE, "the message is", has_device=False),
    Bad("a list", _raw(b"[]"), _UNREADABLE, "Expected `object`", has_device=False),
    Bad("a deep nest", _raw(b'{"a":' * _DEEP + b"1" + b"}" * _DEEP), _UNREADABLE, "deep", has_device=False),
    Bad("cut short", lambda spot: body(message(spot, 1))[:-20], _UNREADABLE, "truncated", has_device=False),
    Bad("a wrong type", _field(f"{_UP}.f_cnt", "many"), _UNREADABLE, '$.uplink_message.f_cnt is "many"'),
    Bad("a bool as number", _field(f"{_UP}.f_cnt", True), _UNREADABLE, "$.uplink_message.f_cnt is true"),
    Bad("a huge number", _field(f"{_UP}.f_cnt", 2**32), _UNREADABLE, "$.uplink_message.f_cnt is 4294967296"),
    Bad("a wrong time", _field(f"{_UP}.received_at", "yesterday"), _UNREADABLE, '"yesterday"'),
    Bad("a bad base64", _field(f"{_UP}.frm_payload", "*!*"), _UNREADABLE, '$.uplink_message.frm_payload is "*!*"'),
    Bad(
        "no DevEUI", _field("end_device_ids.dev_eui", None), "dev_eui_missing", "give the device a DevEUI", False, False
    ),
    Bad(
        "a wrong DevEUI", _field("end_device_ids.dev_eui", "xyz"), "dev_eui_invalid", "16 hex digits", has_device=False
    ),
    Bad("an absurd name", _field("end_device_ids.device_id", "x" * 9_999), _UNREADABLE, "device_id", has_device=False),
    Bad("oversized", _field("padding", "x" * _OVERSIZED), "envelope_oversized", "at most 1,000,000", has_device=False),
    Bad("a short payload", _field(f"{_UP}.f_port", 3), "payload_too_short", "at least 17 expected", is_received=True),
    Bad("an unknown port", _field(f"{_UP}.f_port", 200), "f_port_unknown", "200", is_received=True),
)
_MAC_ONLY, _GOOD = len(BAD), len(BAD) + 1
"""Spots that send nothing bad: MAC commands alone, and nothing special."""
_SPOTS = range(len(BAD) + 2)
_STRANGER = len(_SPOTS)
"""A device of a type that nothing tells."""


class Scene(Struct):
    """A platform that has heard it all."""

    platform: Platform
    bodies: dict[int, bytes]
    """The bad message of each spot."""
    letters: dict[int, str]
    """The id of the dead letter of each spot."""

    def dead_letters(self, *arguments: str) -> list[str]:
        """Return the words of ``stadtfunk dead-letters <arguments>`` for this platform."""
        return ["dead-letters", *arguments, "--config", str(self.platform.config), *self.platform.letters]

    def listed(self, *arguments: str) -> list[str]:
        """Return the lines of ``stadtfunk dead-letters list``, as a process of its own."""
        ended = command(*self.dead_letters("list", *arguments))
        assert (ended.code, ended.err) == (0, "")
        return ended.out.splitlines()

    def shown(self, spot: int, capsys: pytest.CaptureFixture[str]) -> str:
        """Return what ``stadtfunk dead-letters show`` says of the letter of ``spot``."""
        assert main(self.dead_letters("show", self.letters[spot])) == 0
        return capsys.readouterr().out


@pytest.fixture(scope="module", params=["embedded", "distributed"])
def scene(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, mosquitto: MqttAddress
) -> Iterator[Scene]:
    """Both platforms, one after the other."""
    prefix = f"bad-input-{uuid4().hex[:8]}"
    folder = tmp_path_factory.mktemp("scene")
    settings = source(mosquitto.host, mosquitto.port, f"{prefix}/v3/+/devices/+/up")
    with ExitStack() as running:
        platform = running.enter_context(asked_for(request, folder, settings))
        bodies = asyncio.run(_heard(platform, mosquitto, prefix))
        yield Scene(platform, bodies, asyncio.run(_letters(platform)))
        for role in platform.roles:
            assert role.end() == 0, role.said()
            assert "Traceback" not in role.said()
            for stage, law in role.laws().items():
                assert law["in"] == sum(count for bucket, count in law.items() if bucket != "in"), stage


async def _heard(platform: Platform, mosquitto: MqttAddress, prefix: str) -> dict[int, bytes]:
    """Publish a good message of every spot, the bad ones, a good one of every spot; return when all are served."""
    await has_started(platform)
    bodies = {spot: bad.body(spot) for spot, bad in enumerate(BAD)}
    bodies[_MAC_ONLY] = body(message(_MAC_ONLY, 1, b"", f_port=0))
    bodies[_STRANGER] = body(with_field(message(_STRANGER, 0), f"{_UP}.version_ids.model_id", "tps999"))
    bodies[_GOOD] = body(message(_GOOD, 1))
    before = [(topic(prefix, spot), body(message(spot, 0, FREE))) for spot in _SPOTS]
    between = [(topic(prefix, spot), each) for spot, each in bodies.items()]
    after = [(topic(prefix, spot), body(message(spot, 2, OCCUPIED))) for spot in _SPOTS]
    broker = PublisherSettings(host=mosquitto.host, port=mosquitto.port, tls=False, client_id=f"{prefix}-sender")
    async with MqttPublisher(broker) as publisher:
        await publisher.publish([*before, *between, *after])
    expected = {**dict.fromkeys(_SPOTS, 2), _STRANGER: 0}
    async with platform.client() as client:
        await eventually(lambda: _last_counters(client), expected=expected, deadline_s=120)
    return bodies


async def _letters(platform: Platform) -> dict[int, str]:
    letters = await platform.dead_letters()
    return {int(letter.topic.rpartition("/devices/spot-")[2].partition("/")[0]): letter.letter_id for letter in letters}


async def _last_counters(client: GrpcClient) -> dict[int, int]:
    spots = (*_SPOTS, _STRANGER)
    return {spot: frames.last_f_cnt for spot in spots if (frames := await _frames(client, spot)) is not None}


async def _frames(client: GrpcClient, spot: int) -> FrameSummary | None:
    try:
        _, state = await client.get_device_and_state(dev_eui(spot))
    except NotFound:
        return None
    return state.frames[0]


async def _states(client: GrpcClient, spot: int) -> list[Reading]:
    return [stored.reading for stored in await client.list_readings(dev_eui(spot))]


def _free_and_occupied() -> list[Reading]:
    return [Reading("parking.occupied", "", value=is_occupied) for is_occupied in (True, False)]


@pytest.mark.parametrize("spot", range(len(BAD)), ids=lambda spot: BAD[spot].name)
async def test_the_good_messages_around_a_bad_one_are_served_and_it_is_accounted_for(scene: Scene, spot: int) -> None:
    async with scene.platform.client() as client:
        await eventually(lambda: _states(client, spot), expected=_free_and_occupied())
        frames = await _frames(client, spot)
    assert frames is not None
    received = 3 if BAD[spot].is_received else 2
    assert (frames.received, frames.missing) == (received, 3 - received)
    assert frames.undecodable == received - 2
    assert (frames.duplicate, frames.empty) == (0, 0)


@pytest.mark.parametrize("spot", range(len(BAD)), ids=lambda spot: BAD[spot].name)
def test_a_bad_message_is_shown_with_reason_stage_origin_and_bytes(
    scene: Scene, spot: int, capsys: pytest.CaptureFixture[str]
) -> None:
    bad, sent = BAD[spot], scene.bodies[spot]
    shown = scene.shown(spot, capsys)
    facts = _facts(shown)
    assert facts["reason"] == bad.reason
    assert bad.detail in facts["detail"]
    assert facts["stage"] == "process"
    assert "uplinks/" in facts["origin"]
    assert facts["source"] == "swu"
    assert facts.get("device", "") == (dev_eui(spot) if bad.has_device else "")
    kept = _bytes(shown)
    assert kept == sent[: len(kept)]
    assert len(kept) == len(sent) or len(kept) > _LARGEST_ENVELOPE


def test_all_bad_messages_are_listed_and_nothing_else(scene: Scene) -> None:
    rows = scene.listed("--limit", "1000")
    assert sorted(row.split()[1] for row in rows) == sorted(scene.letters.values())
    assert set(scene.letters) == {*range(len(BAD)), _STRANGER}


async def test_a_device_of_unknown_type_is_registered_and_accounted_for_and_told_what_helps(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    async with scene.platform.client() as client:
        device, state = await client.get_device_and_state(dev_eui(_STRANGER))
    assert (device.device_type, device.device_id) == ("", f"spot-{_STRANGER}")
    assert (state.frames[0].received, state.frames[0].undecodable) == (1, 1)
    assert len(scene.listed("--reason", "device_type_unknown")) == 1
    facts = _facts(await asyncio.to_thread(scene.shown, _STRANGER, capsys))
    assert "add a [[device_types]] to the settings" in facts["detail"]
    assert f"'spot-{_STRANGER}' of application 'swu-parking'" in facts["detail"]
    assert facts["payload"] == OCCUPIED.hex()


async def test_a_frame_with_mac_commands_only_is_received_and_empty(scene: Scene) -> None:
    async with scene.platform.client() as client:
        frames = await _frames(client, _MAC_ONLY)
    assert frames is not None
    assert (frames.received, frames.missing, frames.empty, frames.undecodable) == (3, 0, 1, 0)


async def test_a_device_without_anything_bad_is_whole(scene: Scene) -> None:
    async with scene.platform.client() as client:
        frames = await _frames(client, _GOOD)
    assert frames is not None
    assert (frames.received, frames.missing, frames.empty, frames.undecodable) == (3, 0, 0, 0)


def _facts(shown: str) -> dict[str, str]:
    """Return what stands before the bytes of a letter."""
    return {line[:12].strip(): line[13:] for line in shown.splitlines() if not line.startswith(" ")}


def _bytes(shown: str) -> bytes:
    """Return the message of a letter."""
    dump = [line.split()[1] for line in shown.splitlines() if line.startswith(" ")]
    return bytes.fromhex("".join(dump))
