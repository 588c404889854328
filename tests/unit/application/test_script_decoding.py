"""Device types that scripts decode: asked before the step, in one go; the step takes the answers as values."""

import asyncio
from collections.abc import Sequence

import pytest

from adapters.memory.uplink_log import MemoryUplinkLog
from application.ports.checkpoint import Restored
from application.ports.payload_decoder import ScriptPayload
from application.ports.uplink_log import RawUplink
from application.processing.batch import Batch
from application.processing.known_devices import KnownDevices
from application.processing.outcome import Outcome
from application.processing.processing import Processing
from application.processing.script_decoding import ScriptDecoding
from application.processing.step import Step
from domain.decoding import Choice, Codec, Decoded, Decoders, Snapshot, Undecodable, script_codec
from domain.device import DeviceEntry, DeviceMemory, DeviceTypeRule, DeviceTypes
from domain.identifiers import DevEui
from domain.observation import Reading
from domain.radio import Message, Unreadable
from tests.support.builders import DEV, NOON_NS, a_raw_uplink, an_activation, an_uplink
from tests.support.clock import FakeClock
from tests.unit.application.stepping import decode_spot
from tests.unit.application.test_processing import CutLog

TYPES = DeviceTypes(
    {"acme/door": "door"}, (DeviceTypeRule("door", device_id="door-*"), DeviceTypeRule("spot", device_id="spot-*"))
)
_DAY_NS = 86_400 * 10**9
DECODERS = Decoders(
    {
        "door": [
            Choice(script_codec("door_2", 1), firmware="2.*"),
            Choice(script_codec("door_js", 3)),
            Choice(script_codec("door_later", 1), valid_from_ns=NOON_NS + _DAY_NS),
        ],
        "spot": [Choice(Codec("test_spot", 1, decode_spot))],
    }
)


class EchoDecoder:
    """Reads the first byte as a state; 255 is no payload. Remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[list[ScriptPayload]] = []

    async def decode(self, payloads: Sequence[ScriptPayload]) -> list[Decoded | Undecodable]:
        self.asked.append(list(payloads))
        return [self._one(each) for each in payloads]

    def _one(self, payload: ScriptPayload) -> Decoded | Undecodable:
        byte = payload.payload.data[0]
        if byte == 255:
            return Undecodable("codec_timeout", "more than 100 ms")
        firmware = {"firmware": "2.1"} if byte == 2 else {}
        return Decoded((Snapshot((Reading("device.status_word", "", byte),)),), firmware)


class Stream:
    """Messages through scripts and step."""

    def __init__(self, *entries: DeviceEntry) -> None:
        self.decoder = EchoDecoder()
        registry = KnownDevices(entries)
        self.step = Step(TYPES, DECODERS, registry)
        self.scripts = ScriptDecoding(TYPES, DECODERS, registry, self.decoder)
        self.memory: dict[str, DeviceMemory] = {}

    async def take(self, *messages: Message, first: int = 0) -> Outcome:
        """Process one batch."""
        raws = [a_raw_uplink() for _ in messages]
        batch = Batch(0, range(first, first + len(messages)), raws, messages)
        await self.scripts.decode(batch, self.memory)
        outcome = self.step.process(batch, self.memory)
        self.memory.update(outcome.memory)
        return outcome

    def asked(self) -> list[tuple[str, int]]:
        """Return codec and first byte of all payloads that were asked for."""
        return [(each.codec, each.payload.data[0]) for batch in self.decoder.asked for each in batch]


def door(
    f_cnt: int, byte: int = 1, *, model: str = "acme/door", dev_eui: str = DEV, encrypted: bool = False
) -> Message:
    """Return an uplink of a door, typed by its model."""
    return an_uplink(f_cnt, payload=bytes([byte]), model=model, device_id="x", dev_eui=dev_eui, encrypted=encrypted)


async def test_a_script_reads_what_the_step_observes() -> None:
    outcome = await Stream().take(door(0, 7))
    [observation] = outcome.observations
    assert observation.readings == (Reading("device.status_word", "", 7),)
    assert (observation.device_type, observation.decoder) == ("door", "door_js@3")
    assert outcome.counts.out == 1


async def test_a_batch_is_asked_for_in_one_go() -> None:
    stream = Stream()
    outcome = await stream.take(door(0), an_uplink(0, dev_eui="00" * 8), door(1), an_activation("s2"), door(2))
    assert [len(batch) for batch in stream.decoder.asked] == [6]
    assert outcome.counts.readings == 4


async def test_nothing_to_decode_is_not_asked_for() -> None:
    stream = Stream()
    await stream.take(an_uplink(0), an_activation(), Unreadable("x", "y"))
    empty = an_uplink(1, payload=b"", model="acme/door")
    await stream.take(empty, door(2, encrypted=True), first=3)
    assert stream.decoder.asked == []


async def test_what_a_script_cannot_read_is_a_dead_letter_and_the_rest_goes_on() -> None:
    outcome = await Stream().take(door(0), door(1, 255), door(2))
    [letter] = outcome.dead_letters
    assert (letter.reason, letter.detail, letter.decoder) == ("codec_timeout", "more than 100 ms", "door_js@3")
    assert (outcome.counts.out, outcome.counts.dead) == (2, 1)
    assert [observation.f_cnt for observation in outcome.observations] == [0, 2]


async def test_firmware_chooses_among_scripts_also_within_a_batch() -> None:
    outcome = await Stream().take(door(0, 1), door(1, 2), door(2, 3))
    assert [observation.decoder for observation in outcome.observations] == ["door_js@3", "door_js@3", "door_2@1"]


async def test_a_script_of_tomorrow_is_not_asked_today() -> None:
    stream = Stream()
    await stream.take(door(0))
    assert {codec for codec, _ in stream.asked()} == {"door_2", "door_js"}
    outcome = await stream.take(an_uplink(200, model="acme/door", seconds=90_000), first=1)
    assert outcome.observations[0].decoder == "door_later@1"


@pytest.mark.parametrize("later", [True, False])
async def test_a_type_once_told_is_remembered_within_a_batch_and_beyond(later: bool) -> None:
    stream = Stream()
    messages = [door(0), door(1, model="")]
    if later:
        await stream.take(messages.pop(0))
    outcome = await stream.take(*messages, first=int(later))
    assert outcome.dead_letters == []
    assert outcome.observations[-1].f_cnt == 1


async def test_the_registry_says_type_and_variables() -> None:
    stream = Stream(DeviceEntry(DevEui(DEV), 1, device_type="door", labels={"tariff": "night"}))
    await stream.take(door(0, model=""))
    assert [payload.variables for payload in stream.decoder.asked[0]] == [{"tariff": "night"}] * 2


async def test_a_frame_with_keys_is_shown_to_no_script() -> None:
    secret = Decoders({"door": [Choice(script_codec("door_js", 1, lambda payload: payload.data[0] == 9))]})
    decoder = EchoDecoder()
    batch = Batch(0, range(2), [a_raw_uplink(b"raw")] * 2, [door(0, 9), door(1, 5)])
    await ScriptDecoding(TYPES, secret, KnownDevices(), decoder).decode(batch, {})
    outcome = Step(TYPES, secret).process(batch, {})
    assert [payload.payload.data for payload in decoder.asked[0]] == [b"\x05"]
    [letter] = outcome.dead_letters
    assert (letter.reason, letter.body, letter.payload) == ("payload_withheld", b"", b"")
    assert [observation.f_cnt for observation in outcome.observations] == [1]


async def test_a_step_without_its_scripts_says_so() -> None:
    outcome = Stream().step.process(Batch(0, [0], [a_raw_uplink()], [door(0)]), {})
    assert [(letter.reason, letter.detail) for letter in outcome.dead_letters] == [
        ("codec_failed", "its script was not run before the step")
    ]


def test_without_scripts_nothing_is_needed() -> None:
    native = Decoders({"spot": [Choice(Codec("test_spot", 1, decode_spot))]})
    assert not ScriptDecoding(TYPES, native, KnownDevices(), EchoDecoder()).is_needed
    assert ScriptDecoding(TYPES, DECODERS, KnownDevices(), EchoDecoder()).is_needed


class DoorReader:
    """Reads every message as an uplink of a door, its body as the payload."""

    def dev_eui(self, raw: RawUplink) -> DevEui | None:
        del raw
        return DevEui(DEV)

    def read(self, raw: RawUplink) -> Message:
        return door(raw.body[0], raw.body[0])


class KeptCheckpoint:
    """Keeps outcomes, and forgets nothing."""

    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []

    async def restore(self, partition: int) -> Restored:
        return Restored({}, 0)

    def take(self, partition: int, outcome: Outcome) -> None:
        self.outcomes.append(outcome)

    async def commit(self, partition: int, next_offset: int) -> None:
        """Nothing else can be lost."""


@pytest.mark.parametrize("kind", [MemoryUplinkLog, CutLog])
async def test_processing_asks_scripts_once_before_it_steps(kind: type[MemoryUplinkLog]) -> None:
    stream, log, checkpoint = Stream(), kind(), KeptCheckpoint()
    processing = Processing(log, DoorReader(), stream.step, checkpoint, FakeClock(), stream.scripts)
    working = asyncio.create_task(processing.work(0))
    await log.append([a_raw_uplink(bytes([number])) for number in range(3)])
    while processing.counts.came_in < 3:
        await asyncio.sleep(0)
    working.cancel()
    observed = [each for outcome in checkpoint.outcomes for each in outcome.observations]
    assert [each.readings[0].value for each in observed] == [0, 1, 2]
    assert len(stream.decoder.asked) == 1
