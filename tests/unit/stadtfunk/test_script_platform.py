"""A vendor's script on the embedded platform: from a network server's message to a stored reading or a dead letter."""

import asyncio
import base64
import json
from contextlib import AsyncExitStack
from pathlib import Path

from msgspec.structs import replace

from application.ports.reading_query import ReadingFilter, StoredReading
from application.ports.uplink_log import RawUplink
from domain.identifiers import DevEui
from stadtfunk.container.embedded import Embedded
from stadtfunk.settings import read_settings
from tests.support.builders import NOON_NS
from tests.support.eventually import until
from tests.support.json_messages import changed, without
from tests.unit.adapters.javascript.scripts import COUNTER_MAPPING, HOSTILE
from tests.unit.adapters.ttn.messages import NOON_US, V3_TOPIC, V3_UPLINK

_SETTINGS = """
[data]
folder = "{folder}/data"
[[codecs]]
device_type = "acme_counter"
script = "{folder}/codec.js"
mapping = "{folder}/codec.toml"
version = 2
[[device_types]]
device_type = "acme_counter"
device_id = "meter-*"
"""
_DEV_EUI = DevEui("003e94c6ad72f129")
_ALWAYS = ReadingFilter(0, 2**62)


def message(f_cnt: int, payload: bytes) -> RawUplink:
    """Return an uplink of The Things Stack."""
    uplink = without(V3_UPLINK, "uplink_message.version_ids")
    uplink = changed(uplink, "uplink_message.f_cnt", f_cnt)
    uplink = changed(uplink, "uplink_message.frm_payload", base64.b64encode(payload).decode())
    uplink = changed(uplink, "uplink_message.received_at", f"2026-01-01T12:{f_cnt:02d}:00Z")
    return RawUplink("swu", "tts", f"{V3_TOPIC}up", json.dumps(uplink).encode(), NOON_US + f_cnt)


async def test_what_a_script_decodes_is_stored_and_what_it_cannot_is_a_dead_letter(tmp_path: Path) -> None:
    (tmp_path / "codec.js").write_text(HOSTILE)
    (tmp_path / "codec.toml").write_text(COUNTER_MAPPING)
    config = tmp_path / "stadtfunk.toml"
    config.write_text(_SETTINGS.format(folder=tmp_path))
    payloads = [b"\x00\x05", b"\x01\x00", b"\x00\x06", b"\x03\x00", b"\x06\x00", b"\x00\x07"]
    found, reasons = await processed(config, [message(f_cnt, payload) for f_cnt, payload in enumerate(payloads)])
    assert [(each.event_ns, each.reading.value) for each in found] == [
        (NOON_NS + minutes * 60 * 10**9, count) for minutes, count in ((5, 7), (2, 6), (0, 5))
    ]
    assert {(each.device_type, each.decoder) for each in found} == {("acme_counter", "acme_counter_js@2")}
    assert sorted(reasons) == ["codec_error", "codec_out_of_memory", "codec_timeout"]


async def processed(config: Path, messages: list[RawUplink]) -> tuple[list[StoredReading], list[str]]:
    """Return what a platform holds after ``messages``: readings, and reasons of dead letters."""
    container = Embedded(settings=replace(read_settings(config, {}), sources=()))
    async with AsyncExitStack() as stack:
        for part in (container.payload_decoder(), container.database(), container.checkpoint()):
            await stack.enter_async_context(part)
        processing = container.processing()
        working = asyncio.create_task(container.assignment().run(processing.work))
        await container.log().append(messages)
        await until(lambda: processing.counts.came_in == len(messages))
        found = list(await container.readings().page(_DEV_EUI, _ALWAYS, size=100))
        await container.assignment().stop()
        await working
    async with container.reading_only():
        letters = await container.dead_letters().list(limit=100)
    return found, [letter.reason for letter in letters]
