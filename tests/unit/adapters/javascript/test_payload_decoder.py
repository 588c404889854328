"""The JavaScript adapter keeps the promises of its port, and starts and ends as it should."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.javascript.codec_files import CodecFiles
from adapters.javascript.payload_decoder import JavascriptPayloadDecoder
from application.errors import Refused, Unavailable
from application.ports.payload_decoder import ScriptPayload
from domain.decoding import Payload
from tests.contract.payload_decoder import COUNTER, OTHER, PayloadDecoderContract
from tests.support.builders import NOON_NS
from tests.unit.adapters.javascript.scripts import HOSTILE, codec, codes, payload

_SCRIPT = """
function decodeUplink(input) {
  if (input.fPort === 9) return { errors: ["port 9 is not mine"] };
  return { data: { count: input.bytes[0], place: input.variables.place } };
}
"""
_MAPPING = """
[[values]]
path = "count"
measurand = "{}"
[[attributes]]
path = "place"
name = "place"
"""


class TestJavascriptPayloadDecoder(PayloadDecoderContract):
    @pytest.fixture
    async def decoder(self, tmp_path: Path) -> AsyncIterator[JavascriptPayloadDecoder]:
        codecs = [
            CodecFiles(files.name, files.script, files.mapping, {"place": "unknown"})
            for files in (
                codec(tmp_path, _SCRIPT, _MAPPING.format("meter.pulse_count"), COUNTER),
                codec(tmp_path, _SCRIPT, _MAPPING.format("device.battery.level"), OTHER),
            )
        ]
        async with JavascriptPayloadDecoder(codecs) as decoder:
            yield decoder


async def test_without_codecs_there_is_no_process() -> None:
    async with JavascriptPayloadDecoder([]) as decoder:
        assert decoder.worker_pid is None
        assert await decoder.decode([]) == []


async def test_partitions_ask_side_by_side(tmp_path: Path) -> None:
    async with JavascriptPayloadDecoder([codec(tmp_path, _SCRIPT, _MAPPING.format("meter.pulse_count"))]) as decoder:
        batches = [[payload(number) for _ in range(20)] for number in range(10)]
        answered = await asyncio.gather(*(decoder.decode(batch) for batch in batches))
    assert [codes(each) for each in answered] == [["ok"] * 20] * 10
    values = [each[0].snapshots[0].readings[0].value for each in answered if hasattr(each[0], "snapshots")]
    assert values == list(range(10))


async def test_a_question_that_was_broken_off_does_not_answer_the_next(tmp_path: Path) -> None:
    async with JavascriptPayloadDecoder([codec(tmp_path, HOSTILE)]) as decoder:
        endless = [payload(1)] * 10
        asking = asyncio.create_task(decoder.decode(endless))
        await asyncio.sleep(0.01)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        [decoded] = await decoder.decode([payload(0, 5)])
    assert hasattr(decoded, "snapshots")
    assert decoded.snapshots[0].readings[0].value == 5


async def test_keys_of_the_device_stay_with_the_platform(tmp_path: Path) -> None:
    script = "function decodeUplink(input) { return { data: { count: JSON.stringify(input).length } }; }"
    async with JavascriptPayloadDecoder([codec(tmp_path, script)]) as decoder:
        bare = ScriptPayload("counter_js", Payload(b"\x01", 1, NOON_NS))
        [answer] = await decoder.decode([bare])
    assert hasattr(answer, "snapshots")
    seen = '{"bytes":[1],"fPort":1,"recvTime":"2026-01-01T12:00:00.000Z","variables":{}}'
    assert answer.snapshots[0].readings[0].value == len(seen)


@pytest.mark.parametrize(
    "source, why",
    [
        ("function decodeUplink(", "the script cannot be read: SyntaxError"),
        ("throw new Error('at the top');", "the script cannot be read: Error: at the top"),
        ("while (true) {}", "the script cannot be read: InternalError: interrupted"),
        ("new Array(4294967295).join();", "the script does not come to an end when it is read"),
    ],
)
async def test_a_script_that_cannot_be_read_ends_the_start(tmp_path: Path, source: str, why: str) -> None:
    with pytest.raises(Refused, match=r"counter_js\.js") as refused:
        async with JavascriptPayloadDecoder([codec(tmp_path, source)]):
            pass
    assert why in refused.value.message


async def test_a_file_that_is_not_there_ends_the_start(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be read"):
        async with JavascriptPayloadDecoder([CodecFiles("gone", tmp_path / "gone.js")]):
            pass


async def test_a_worker_that_never_starts_makes_scripts_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="does not start: it ended with exit code 3"):
        async with JavascriptPayloadDecoder([codec(tmp_path, _SCRIPT)], ("sh", "-c", "exit 3")):
            pass
    with pytest.raises(Unavailable, match="cannot be started: No such file or directory"):
        async with JavascriptPayloadDecoder([codec(tmp_path, _SCRIPT)], (str(tmp_path / "nothing"),)):
            pass


async def test_what_is_shown_holds_the_data_as_the_script_gave_it(tmp_path: Path) -> None:
    async with JavascriptPayloadDecoder([codec(tmp_path, _SCRIPT)]) as decoder:
        answer = await decoder.show(payload(1))
    assert answer.json == '{"data":{"count":1},"warnings":[]}'
    assert answer.decoded is not None
