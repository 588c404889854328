"""A desk in memory: processing has refused all that came, and letters are processed again with other codecs."""

from collections.abc import Callable, Sequence

from adapters.memory.dead_letters import MemoryDeadLetters
from adapters.memory.device_memories import MemoryDeviceMemories
from adapters.memory.observation_store import MemoryObservationStore
from adapters.memory.reading_history import MemoryReadingHistory
from adapters.memory.reading_query import MemoryReadingQuery
from adapters.memory.uplink_log import MemoryUplinkLog
from application.known_at import VersionedReadings
from application.letter_replay import Chosen, Decoding, Kept, LetterReplay, Receipt, Stored
from application.ports.dead_letters import DeadLetter
from application.ports.observation_store import ObservationStore
from application.ports.reading_query import ReadingFilter
from application.ports.uplink_log import LoggedUplinks, RawUplink
from application.processing.batch import read_batch
from application.processing.step import Step
from domain.decoding import (
    Choice,
    Codec,
    Context,
    Decoded,
    Decoders,
    Fragment,
    Payload,
    Snapshot,
    Undecodable,
)
from domain.device import DeviceMemory, DeviceTypeRule, DeviceTypes
from domain.identifiers import DevEui
from domain.observation import Reading, Value
from domain.radio import Message, Unreadable
from tests.support.builders import DEV, NOON_NS, an_uplink
from tests.support.clock import FakeClock

TYPES = DeviceTypes({}, (DeviceTypeRule("meter", device_id="meter-*"),))
ALL = Chosen()
EVER = ReadingFilter(-(2**62), 2**62)
Decode = Callable[[Payload, Context], Decoded]


def the_byte(payload: Payload, context: Context) -> Decoded:
    """Read the register in the first byte."""
    return Decoded((Snapshot((Reading("meter.pulse_count", "", payload.data[0]),)),), context=context)


def refusing(payload: Payload, context: Context) -> Decoded:
    """Read nothing."""
    raise Undecodable("byte_unknown", payload.data.hex())


def nothing(payload: Payload, context: Context) -> Decoded:
    """Find that it is no reading."""
    return Decoded(context=context)


def a_piece(payload: Payload, context: Context) -> Decoded:
    """Wait for the rest of a payload."""
    return Decoded(context=Context((*context.fragments, Fragment("1", 0, 2, payload.network_ns, payload.data))))


def times_the_factor(payload: Payload, context: Context) -> Decoded:
    """Multiply by what the device once told."""
    value = int(context.settings["factor"]) * payload.data[0]
    return Decoded((Snapshot((Reading("meter.pulse_count", "", value),)),), context=context)


class Spelled:
    """Reads ``f_cnt byte`` in place of an envelope of TTS."""

    def dev_eui(self, raw: RawUplink) -> DevEui | None:
        del raw
        return DEV

    def read(self, raw: RawUplink) -> Message:
        f_cnt, _, payload = raw.body.decode().partition(" ")
        if raw.network_server != "tts" or not payload:
            return Unreadable("envelope_unreadable", "spelled otherwise", DEV)
        data = bytes.fromhex(payload)
        return an_uplink(int(f_cnt), payload=data, device_id="meter-1", f_port=50 if len(data) > 1 else 1)


def decoders(decode: Decode, version: int = 2) -> Decoders:
    return Decoders({"meter": [Choice(Codec("test_meter", version, decode))]})


class Desk:
    """A platform in memory whose processing has refused all it got."""

    def __init__(self, store: ObservationStore | None = None) -> None:
        self.letters = MemoryDeadLetters()
        self.log = MemoryUplinkLog()
        self.memory: dict[str, DeviceMemory] = {}
        self.observations = MemoryObservationStore()
        self.store = store or self.observations
        self.history = MemoryReadingHistory()
        self.readings = VersionedReadings(MemoryReadingQuery(self.observations), self.history)
        self.clock = FakeClock(NOON_NS // 1_000 + 10**12)
        self._offset = 0

    async def process(self, *payloads: str, step: Step | None = None) -> Sequence[DeadLetter]:
        """Log and process messages; return what became dead letters."""
        step = step or Step(TYPES, decoders(refusing, 1))
        before = self._offset
        self._offset += len(payloads)
        raws = [
            RawUplink("swu", "tts", "t", f"{f_cnt} {payload}".encode(), NOON_NS // 1_000 + 900_000_000 * f_cnt)
            for f_cnt, payload in enumerate(payloads, before)
        ]
        await self.log.append(raws)
        batch = read_batch(LoggedUplinks(0, range(before, self._offset), raws), Spelled())
        outcome = step.process(batch, self.memory)
        self.memory.update(outcome.memory)
        await self.observations.write(outcome.observations)
        await self.letters.add(outcome.dead_letters)
        return outcome.dead_letters

    def replay_with(self, step: Step) -> LetterReplay:
        kept = Kept(self.letters, self.log, MemoryDeviceMemories(self.memory))
        return LetterReplay(
            kept, Decoding(Spelled(), step), Stored(self.readings, self.store, self.history), self.clock
        )

    async def replay(
        self,
        decode: Decode = the_byte,
        chosen: Chosen = ALL,
        *,
        dry_run: bool = False,
    ) -> list[Receipt]:
        """Process letters again with another codec."""
        replay = self.replay_with(Step(TYPES, decoders(decode)))
        return [each async for each in replay.replay(chosen, dry_run=dry_run)]

    async def values(self, known_at_us: int | None = None) -> list[Value]:
        asked = ReadingFilter(EVER.since_ns, EVER.until_ns, known_at_us=known_at_us)
        return [each.reading.value async for chunk in self.readings.stream([DEV], asked) for each in chunk]

    async def waiting(self) -> int:
        return len([each async for each in self.letters.waiting()])


def verdicts(receipts: Sequence[Receipt]) -> list[tuple[str, str, int]]:
    return [(each.verdict, each.reason, each.readings) for each in receipts]
