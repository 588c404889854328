"""Re-decoding: the raw log through newer decoders, against stores in memory."""

from collections.abc import AsyncIterator, Callable, Sequence

import pytest

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
from application.redecode import Difference, Job, Reached, Redecoded, Redecoding
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


@pytest.fixture
def city() -> City:
    return City()


async def test_the_same_decoder_changes_nothing(city: City) -> None:
    await city.processed(a_raw(0, 1), a_raw(1, 2))
    done = await city.redecoded(the_byte)
    assert (done.same, done.added, done.changed, done.withdrawn) == (2, 0, 0, 0)


async def test_a_dry_run_shows_each_difference_and_stores_nothing(city: City) -> None:
    await city.processed(a_raw(0, 1), a_raw(1, 2))
    done = await city.redecoded(twice_the_byte, dry_run=True)
    assert done.changed == 2
    shown = [(each.before.reading.value, each.after.value) for each in city.told if each.before and each.after]
    assert shown == [(1, 2), (2, 4)]
    assert await city.values() == {(0, ""): 1, (900, ""): 2}


async def test_values_are_replaced_and_the_old_ones_stay_readable(city: City) -> None:
    await city.processed(a_raw(0, 1), a_raw(1, 2))
    await city.redecoded(twice_the_byte)
    assert await city.values() == {(0, ""): 2, (900, ""): 4}
    assert await city.values(known_at_us=JOB.started_us - 1) == {(0, ""): 1, (900, ""): 2}
    assert await city.values(known_at_us=JOB.started_us + 10) == {(0, ""): 2, (900, ""): 4}
    assert await city.values(known_at_us=NOON_US + 10_000_000) == {(0, ""): 1}


async def test_a_value_that_nobody_says_any_more_is_withdrawn(city: City) -> None:
    await city.processed(a_raw(0, 1))
    done = await city.redecoded(on_another_channel)
    assert (done.added, done.withdrawn) == (1, 1)
    assert await city.values() == {(0, "pulse1"): 1}
    assert await city.values(known_at_us=JOB.started_us - 1) == {(0, ""): 1}


async def test_an_uplink_that_turns_out_to_hold_no_reading_loses_those_it_had(city: City) -> None:
    await city.processed(a_raw(0, 1))
    assert (await city.redecoded(nothing)).withdrawn == 1
    assert await city.values() == {}


async def test_a_payload_that_cannot_be_read_today_keeps_what_was_made_of_it(city: City) -> None:
    await city.processed(a_raw(0, 1))
    done = await city.redecoded(refusing)
    assert (done.withdrawn, done.dead) == (0, {"byte_unknown": 1})
    assert await city.values() == {(0, ""): 1}


async def test_what_only_an_earlier_job_said_is_withdrawn_and_the_first_value_comes_back(city: City) -> None:
    await city.processed(a_raw(0, 1))
    await city.redecoded(on_another_channel)
    done = await city.redecoded(the_byte, Job(0, 2**62, JOB.started_us + 100))
    assert (done.added, done.withdrawn) == (1, 1)
    assert await city.values() == {(0, ""): 1}
    assert await city.values(known_at_us=JOB.started_us + 50) == {(0, "pulse1"): 1}
    assert await city.values(known_at_us=JOB.started_us - 1) == {(0, ""): 1}


async def test_any_number_of_jobs_ends_with_what_the_last_decoder_says(city: City) -> None:
    await city.processed(a_raw(0, 1), a_raw(1, 2))
    decoders = [on_another_channel, nothing, twice_the_byte, on_another_channel, the_byte, nothing, on_another_channel]
    seen = [await city.values()]
    for number, decode in enumerate(decoders):
        await city.redecoded(decode, Job(0, 2**62, JOB.started_us + 100 * number))
        seen.append(await city.values())
    assert seen[-1] == {(0, "pulse1"): 1, (900, "pulse1"): 2}
    for number, values in enumerate(seen):
        assert await city.values(known_at_us=JOB.started_us + 100 * number - 1) == values


async def test_what_an_uplink_beyond_the_range_said_is_not_withdrawn(city: City) -> None:
    await city.processed(a_raw(0, 1), a_raw(1, 2))
    await city.redecoded(twice_the_byte)
    until_us = a_raw(1, 2).received_us
    await city.redecoded(nothing, Job(0, until_us, JOB.started_us + 100))
    assert await city.values() == {(900, ""): 4}


async def test_a_job_that_was_killed_before_it_wrote_leaves_no_hole_in_what_was_known(city: City) -> None:
    await city.processed(a_raw(0, 1))
    killed = KilledStore()
    step = a_step(twice_the_byte)
    with pytest.raises(Unavailable):
        await Redecoding(city.log, Spelled(), step, city.query, killed, city.history).run(JOB, dry_run=False)
    await city.redecoded(twice_the_byte, Job(0, 2**62, JOB.started_us + 1_000))
    assert await city.values() == {(0, ""): 2}
    for known_at_us in (JOB.started_us - 1, JOB.started_us + 500, JOB.started_us + 999):
        assert await city.values(known_at_us=known_at_us) == {(0, ""): 1}


async def test_what_a_device_told_of_itself_long_before_the_range_is_not_forgotten(city: City) -> None:
    told, long_after = a_raw(0, 200), a_raw(1, 3, seconds=40 * 86_400)
    await city.processed(told, long_after)
    await city.redecoded(times_what_was_told, Job(told.received_us + 1, 2**62, JOB.started_us + 10**13))
    assert await city.values() == {(0, ""): 200, (40 * 86_400, ""): 600}


async def test_an_uplink_that_ends_the_patience_with_a_piece_can_be_read(city: City) -> None:
    await city.processed(a_raw(0, 1))
    assert (await city.redecoded(giving_up_a_piece)).changed == 1
    assert await city.values() == {(0, ""): 2}


async def test_where_the_log_has_lost_its_beginning_what_it_lacks_is_not_withdrawn(city: City) -> None:
    await city.processed(*[a_raw(n, n) for n in range(3)])
    city.log = LogWithoutBeginning(city.log)
    done = await city.redecoded(nothing)
    assert done.withdrawn == 0


async def test_many_uplinks_without_readings_are_not_gathered(city: City) -> None:
    await city.processed(*[a_raw(n, 1, seconds=n) for n in range(12_000)])
    reached: list[Reached] = []
    redecoding = Redecoding(city.log, Spelled(), a_step(nothing), city.query, city.store, city.history)
    await redecoding.run(JOB, dry_run=True, reached=reached.append)
    assert len(reached) > 1


class StoreKilledAfter(MemoryObservationStore):
    """Lets some writes through, and then no more."""

    def __init__(self, store: MemoryObservationStore, writes: int) -> None:
        super().__init__()
        self._store = store
        self._left = writes

    async def write(self, observations: Sequence[Observation]) -> None:
        if not self._left:
            raise Unavailable("killed")
        self._left -= 1
        await self._store.write(observations)


def beyond_one_part(devices: Sequence[str] = (DEV,)) -> list[RawUplink]:
    """Return uplinks for three parts of a job."""
    return [a_raw(n, n % 200, device=device, seconds=n) for n in range(6_500) for device in devices]


async def test_a_job_that_was_killed_goes_on_where_it_was(city: City) -> None:
    await city.processed(*beyond_one_part())
    reached: list[Reached] = []
    killed = Redecoding(
        city.log, Spelled(), a_step(twice_the_byte), city.query, StoreKilledAfter(city.store, 1), city.history
    )
    with pytest.raises(Unavailable):
        await killed.run(JOB, dry_run=False, reached=reached.append)
    (first,) = reached
    redecoding = Redecoding(city.log, Spelled(), a_step(twice_the_byte), city.query, city.store, city.history)
    done = await redecoding.run(JOB, dry_run=False, resumed=first)
    values = await city.values()
    assert values == {(n, ""): 2 * (n % 200) for n in range(6_500)}
    assert 0 < done.same + done.changed < 6_500, "what was done is not looked at again"


async def test_what_a_device_told_before_the_job_was_killed_is_not_forgotten(city: City) -> None:
    await city.processed(a_raw(0, 3, seconds=0), *[a_raw(n, 1, seconds=n) for n in range(1, 4)])
    resumed = Reached(NOON_US, JOB.started_us + 1, {0: 2})
    redecoding = Redecoding(city.log, Spelled(), a_step(times_what_was_told), city.query, city.store, city.history)
    await redecoding.run(JOB, dry_run=False, resumed=resumed)
    assert await city.values() == {(0, ""): 3, (1, ""): 1, (2, ""): 3, (3, ""): 3}


async def test_a_dead_letter_of_before_becomes_a_reading(city: City) -> None:
    await city.processed(a_raw(0, 255))
    assert (await city.redecoded(twice_the_byte)).added == 1
    assert await city.values() == {(0, ""): 510}


async def test_a_job_again_finds_nothing_to_do(city: City) -> None:
    await city.processed(a_raw(0, 1), a_raw(1, 2))
    await city.redecoded(twice_the_byte)
    again = await city.redecoded(twice_the_byte, Job(0, 2**62, JOB.started_us + 10**6))
    assert (again.same, again.changed, again.added, again.withdrawn) == (2, 0, 0, 0)


async def test_only_the_range_and_the_devices_asked_for_are_touched(city: City) -> None:
    await city.processed(a_raw(0, 1), a_raw(1, 2), a_raw(2, 3), a_raw(0, 7, device=OTHER))
    at = a_raw(1, 2).received_us
    await city.redecoded(twice_the_byte, Job(at, at + 1, JOB.started_us, frozenset({"meter"})))
    assert await city.values() == {(0, ""): 1, (900, ""): 4, (1_800, ""): 3}
    assert await city.values(OTHER) == {(0, ""): 7}


async def test_one_device_may_be_asked_for_by_name(city: City) -> None:
    await city.processed(a_raw(0, 1), a_raw(0, 7, device=OTHER))
    await city.redecoded(twice_the_byte, Job(0, 2**62, JOB.started_us, devices=frozenset({OTHER})))
    assert (await city.values(), await city.values(OTHER)) == ({(0, ""): 1}, {(0, ""): 14})


async def test_a_frame_heard_twice_is_one_reading_again(city: City) -> None:
    await city.processed(a_raw(0, 1), a_raw(0, 1, seconds=5))
    done = await city.redecoded(twice_the_byte)
    assert (done.changed, done.added, done.withdrawn) == (1, 0, 0)


async def test_what_a_person_corrected_since_is_left_alone(city: City) -> None:
    await city.processed(a_raw(0, 1))
    corrected = Observation(DEV, NOON_NS, NOON_US + 10**9, (Reading("meter.pulse_count", "", 42),), source="import")
    await city.store.write([corrected])
    assert (await city.redecoded(twice_the_byte)).same == 1
    assert await city.values() == {(0, ""): 42}
