"""A raw log with stores in memory, and decoders of before and of today."""

from collections.abc import AsyncIterator, Callable, Sequence

from adapters.memory.observation_store import MemoryObservationStore
from adapters.memory.reading_history import MemoryReadingHistory
from adapters.memory.reading_query import MemoryReadingQuery
from adapters.memory.uplink_log import MemoryUplinkLog
from application.errors import Unavailable
from application.known_at import VersionedReadings
from application.ports.reading_query import ReadingFilter
from application.ports.uplink_log import LoggedUplinks, RawUplink
from application.processing.batch import read_batch
from application.processing.step import Step
from application.redecode import Difference, Job, Redecoded, Redecoding
from domain.decoding import Choice, Codec, Context, Decoded, Decoders, Fragment, Payload, Snapshot, Undecodable
from domain.device import DeviceMemory, DeviceTypeRule, DeviceTypes
from domain.identifiers import DevEui
from domain.observation import Observation, Reading, Value
from domain.radio import Message, Unreadable
from tests.support.builders import DEV, NOON_NS, an_uplink

TYPES = DeviceTypes({}, (DeviceTypeRule("meter", device_id="meter-*"), DeviceTypeRule("spot")))
NOON_US = NOON_NS // 1_000
JOB = Job(0, 2**62, NOON_US + 10**12)
EVER = ReadingFilter(-(2**62), 2**62)
OTHER = DevEui("70b3d57ed0000001")
Decode = Callable[[Payload, Context], Decoded]


def the_byte(payload: Payload, context: Context) -> Decoded:
    """Read the register in the first byte; 255 is no payload."""
    if payload.data[0] == 255:
        raise Undecodable("byte_unknown", "255")
    return Decoded((Snapshot((Reading("meter.pulse_count", "", payload.data[0]),)),), context=context)


def twice_the_byte(payload: Payload, context: Context) -> Decoded:
    """Read it as the factor turned out to be."""
    return Decoded((Snapshot((Reading("meter.pulse_count", "", 2 * payload.data[0]),)),), context=context)


def on_another_channel(payload: Payload, context: Context) -> Decoded:
    """Read it where it belongs."""
    return Decoded((Snapshot((Reading("meter.pulse_count", "pulse1", payload.data[0]),)),), context=context)


def nothing(payload: Payload, context: Context) -> Decoded:
    """Find that it was no reading at all."""
    return Decoded(context=context)


def refusing(payload: Payload, context: Context) -> Decoded:
    """Read nothing."""
    raise Undecodable("byte_unknown", payload.data.hex())


def times_what_was_told(payload: Payload, context: Context) -> Decoded:
    """Multiply by the factor that the first payload told."""
    factor = context.settings.get("factor")
    if factor is None:
        return Decoded((Snapshot((Reading("meter.pulse_count", "", payload.data[0]),)),),
                       context=Context(settings={"factor": str(payload.data[0])}))  # fmt: skip
    value = int(factor) * payload.data[0]
    return Decoded((Snapshot((Reading("meter.pulse_count", "", value),)),), context=context)


def giving_up_a_piece(payload: Payload, context: Context) -> Decoded:
    """Read the byte, and give up a piece of long ago."""
    piece = Fragment("1", 0, 2, payload.network_ns, b"x")
    readings = (Reading("meter.pulse_count", "", 2 * payload.data[0]),)
    return Decoded((Snapshot(readings),), context=context, expired=(piece,))


class KilledStore:
    """Never gets to writing."""

    async def write(self, observations: Sequence[Observation]) -> None:
        raise Unavailable("killed")


class LogWithoutBeginning(MemoryUplinkLog):
    """Keeps no more than the newest messages: the first offset is not 0."""

    def __init__(self, log: MemoryUplinkLog) -> None:
        super().__init__()
        self._log = log

    async def replay(self, since_us: int, until_us: int) -> AsyncIterator[LoggedUplinks]:
        async for logged in self._log.replay(since_us, until_us):
            yield LoggedUplinks(logged.partition, logged.offsets[1:], logged.uplinks[1:])


class Spelled:
    """Reads ``device f_cnt byte seconds`` in place of an envelope."""

    def dev_eui(self, raw: RawUplink) -> DevEui | None:
        return DevEui(raw.body.decode().split()[0])

    def read(self, raw: RawUplink) -> Message:
        words = raw.body.decode().split()
        if len(words) != 4:
            return Unreadable("envelope_unreadable", "")
        device, f_cnt, byte, seconds = words
        kind = "spot" if device == OTHER else "meter"
        return an_uplink(int(f_cnt), dev_eui=device, payload=bytes([int(byte)]), seconds=float(seconds),
                         device_id=f"{kind}-1")  # fmt: skip


def a_raw(f_cnt: int, byte: int, *, device: str = DEV, seconds: int | None = None) -> RawUplink:
    """Return a message, received a second after it was sent."""
    seconds = 900 * f_cnt if seconds is None else seconds
    received_us = NOON_US + (seconds + 1) * 1_000_000
    return RawUplink("swu", "tts", "t", f"{device} {f_cnt} {byte} {seconds}".encode(), received_us)


def a_step(decode: Decode, version: int = 2) -> Step:
    """Return a step whose meters and spots are read by ``decode``."""
    choices = [Choice(Codec("byte", version, decode))]
    return Step(TYPES, Decoders({"meter": choices, "spot": choices}))


class City:
    """A raw log, and the stores that were filled from it."""

    def __init__(self) -> None:
        self.log = MemoryUplinkLog()
        self.store = MemoryObservationStore()
        self.query = MemoryReadingQuery(self.store)
        self.history = MemoryReadingHistory()
        self.told: list[Difference] = []

    async def processed(self, *raws: RawUplink) -> None:
        """Log ``raws``, and store what the decoder of before makes of them."""
        await self.log.append(raws)
        memory: dict[str, DeviceMemory] = {}
        async for logged in self.log.replay(0, 2**62):
            outcome = a_step(the_byte, 1).process(read_batch(logged, Spelled()), memory)
            memory.update(outcome.memory)
            await self.store.write(outcome.observations)

    async def redecoded(self, decode: Decode, job: Job = JOB, *, dry_run: bool = False) -> Redecoded:
        """Read the log again with ``decode``."""
        step = a_step(decode)
        redecoding = Redecoding(self.log, Spelled(), step, self.query, self.store, self.history)
        return await redecoding.run(job, dry_run=dry_run, tell=self.told.append)

    async def values(self, device: DevEui = DEV, known_at_us: int | None = None) -> dict[tuple[int, str], Value]:
        """Return the values by seconds after noon and channel, of today or as they were known."""
        query = VersionedReadings(self.query, self.history)
        asked = ReadingFilter(EVER.since_ns, EVER.until_ns, known_at_us=known_at_us)
        return {
            ((each.event_ns - NOON_NS) // 10**9, each.reading.channel): each.reading.value
            async for chunk in query.stream([device], asked)
            for each in chunk
        }
