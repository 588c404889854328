"""Session keys that luminaires send: neither stores nor API, command line, dead letters or logs ever show one.

Only the raw log has them, for it has every message as it came; who may read it is the operator's business
(docs/keys-in-payloads.md).
"""

import asyncio
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest
from msgspec import Struct

from adapters.grpc.client import GrpcClient
from adapters.mqtt.publisher import MqttPublisher
from adapters.mqtt.settings import PublisherSettings
from application.errors import NotFound
from tests.e2e.command import command, said_here
from tests.e2e.messages import body, dev_eui, message, topic, with_field
from tests.e2e.platform import Platform, asked_for, source
from tests.e2e.scene import has_started
from tests.support.eventually import eventually
from tests.support.keys import APPLICATION_KEY, NETWORK_KEY, WITH_KEYS, forms_of_the_keys
from tools.services.address import MqttAddress

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

_PORT, _STATUS_PORT = 50, 24
_STATUS = bytes.fromhex("dfd41d5e004b041500")
_UP = "uplink_message"
_LUMINAIRE, _SPOT = "ul2021", "tps999"
_GOOD, _CUT, _SHIFTED, _TAKEN_FOR_A_SPOT, _QUOTED = range(5)
_BAD = (_CUT, _SHIFTED, _TAKEN_FOR_A_SPOT, _QUOTED)


class Scene(Struct):
    """A platform that has heard luminaires speak of their keys, and its folder."""

    platform: Platform
    data: Path


@pytest.fixture(scope="module", params=["embedded", "distributed"])
def scene(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, mosquitto: MqttAddress
) -> Iterator[Scene]:
    """Both platforms, one after the other."""
    prefix = f"keys-{uuid4().hex[:8]}"
    folder = tmp_path_factory.mktemp("keys")
    settings = source(mosquitto.host, mosquitto.port, f"{prefix}/v3/+/devices/+/up")
    with ExitStack() as running:
        platform = running.enter_context(asked_for(request, folder, settings))
        asyncio.run(_heard(platform, mosquitto, prefix))
        yield Scene(platform, folder / "data")
        for role in platform.roles:
            assert role.end() == 0, role.said()
            assert_no_key(role.said(), "the log of a role")


async def _heard(platform: Platform, mosquitto: MqttAddress, prefix: str) -> None:
    """Publish a status of each luminaire, then the frames with keys; return when all have been accounted for."""
    await has_started(platform)
    frames = {_GOOD: WITH_KEYS, _CUT: WITH_KEYS[:30], _SHIFTED: WITH_KEYS[2:], _TAKEN_FOR_A_SPOT: WITH_KEYS}
    sent = [(topic(prefix, lamp), _uplink(lamp, 0, _STATUS, _STATUS_PORT)) for lamp in range(5)]
    sent += [(topic(prefix, lamp), _uplink(lamp, 1, payload, _PORT)) for lamp, payload in frames.items()]
    sent.append((topic(prefix, _QUOTED), _spoilt(_QUOTED)))
    broker = PublisherSettings(host=mosquitto.host, port=mosquitto.port, tls=False, client_id=f"{prefix}-sender")
    async with MqttPublisher(broker) as publisher:
        await publisher.publish(sent)
    async with platform.client() as client:
        await eventually(lambda: _received(client), expected=[2, 2, 2, 2, 1], deadline_s=120)
    await eventually(lambda: _count(platform), expected=len(_BAD) + 1, deadline_s=60)


def _uplink(lamp: int, f_cnt: int, payload: bytes, f_port: int) -> bytes:
    model = _SPOT if lamp == _TAKEN_FOR_A_SPOT else _LUMINAIRE
    versions = {"brand_id": "nas", "model_id": model, "firmware_version": "1.0"}
    return body(with_field(message(lamp, f_cnt, payload, f_port), f"{_UP}.version_ids", versions))


def _spoilt(lamp: int) -> bytes:
    """Return a message whose payload is no base64, which its reader quotes to say so."""
    payload = b64encode(WITH_KEYS).decode()[:-1] + "!"
    return body(with_field(message(lamp, 1, WITH_KEYS, _PORT), f"{_UP}.frm_payload", payload))


async def _received(client: GrpcClient) -> list[int]:
    counts = []
    for lamp in range(5):
        try:
            _, state = await client.get_device_and_state(dev_eui(lamp))
        except NotFound:
            counts.append(0)
        else:
            counts.append(state.frames[0].received)
    return counts


async def _count(platform: Platform) -> int:
    return len(await platform.dead_letters())


def assert_no_key(text: str, where: str) -> None:
    """Refuse ``text`` if any part of a key stands in it, in any form."""
    assert [form for form in forms_of_the_keys() if form in text] == [], where


async def test_the_api_shows_none(scene: Scene) -> None:
    async with scene.platform.client() as client:
        devices = await client.list_devices()
        assert_no_key(repr(devices), "devices")
        for lamp in range(5):
            assert_no_key(repr(await client.get_device_and_state(dev_eui(lamp))), "state")
            assert_no_key(repr(await client.list_readings(dev_eui(lamp))), "readings")
    [told] = [device.attributes for device in devices if device.dev_eui == dev_eui(_GOOD)]
    assert told["config.multicast.1.dev_addr"] == "11223344"


async def test_dead_letters_say_why_and_where_from_and_hold_no_byte_of_it(scene: Scene) -> None:
    letters = await scene.platform.dead_letters()
    with_keys = [letter for letter in letters if not letter.body]
    assert {letter.dev_eui for letter in with_keys} == {dev_eui(lamp) for lamp in _BAD}
    assert all(letter.reason and "withheld" in letter.detail and letter.origin for letter in with_keys)
    for letter in letters:
        assert_no_key(repr(letter) + letter.body.hex() + letter.payload.hex(), letter.letter_id)


def test_the_command_line_shows_none(scene: Scene) -> None:
    server, config = f"127.0.0.1:{scene.platform.port}", str(scene.platform.config)
    said = [said_here("devices", "list", "--server", server), said_here("readings", "list", "--server", server)]
    said += [said_here("devices", "get", dev_eui(lamp), "--server", server) for lamp in range(5)]
    said.append(said_here("dead-letters", "list", "--config", config, *scene.platform.letters))
    for letter in asyncio.run(scene.platform.dead_letters()):
        words = ("dead-letters", "show", letter.letter_id, "--config", config, *scene.platform.letters)
        said.append(said_here(*words))
    assert_no_key("\n".join(said), "the command line")


def test_raw_access_is_a_right_of_its_own(scene: Scene) -> None:
    letters = asyncio.run(scene.platform.dead_letters())
    [letter] = [each for each in letters if each.dev_eui == dev_eui(_SHIFTED)]
    words = ("dead-letters", "show", letter.letter_id, "--raw", *scene.platform.letters, "--config")
    refused = command(*words, scene.platform.config)
    assert (refused.code, refused.out) == (2, "")
    assert "[rights] raw_messages" in refused.last_line
    granting = scene.platform.config.with_name("granting.toml")
    granting.write_text(f"{scene.platform.config.read_text()}\n[rights]\nraw_messages = true\n")
    assert b64encode(WITH_KEYS[2:]).hex() in _bytes_of(said_here(*words, granting))


def _bytes_of(shown: str) -> str:
    """Return the hex digits of the message that is shown."""
    lines = [line.split() for line in shown.splitlines() if line.startswith("  ")]
    return "".join(words[1] for words in lines)


def test_no_file_but_the_raw_log_holds_one(scene: Scene) -> None:
    files = list(scene.data.iterdir()) if scene.data.exists() else []  # the distributed platform has none of its own
    holding = [file.name for file in files if _holds_a_key(file.read_bytes())]
    assert [name for name in holding if not name.startswith("uplinks")] == []


def _holds_a_key(content: bytes) -> bool:
    return any(
        form in content
        for key in (NETWORK_KEY, APPLICATION_KEY)
        for form in (key, key.hex().encode(), b64encode(WITH_KEYS)[8:48], b64encode(WITH_KEYS[2:])[:40])
    )
