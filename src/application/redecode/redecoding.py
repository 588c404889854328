"""Running a job: read a part of the log, compare, replace."""

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence

from application.known_at import place_of
from application.ports.envelope_reader import EnvelopeReader
from application.ports.observation_store import ObservationStore
from application.ports.reading_history import ReadingHistory
from application.ports.reading_query import ReadingFilter, ReadingQuery, StoredReading
from application.ports.uplink_log import UplinkLog
from application.processing.batch import read_batch
from application.processing.script_decoding import ScriptDecoding
from application.processing.step import Step
from application.redecode.comparison import Key, changes, fresh_readings, observation_of, withdrawals
from application.redecode.job import Difference, Job, Redecoded
from application.redecode.part import Part
from domain.device import DeviceMemory
from domain.identifiers import DevEui
from domain.observation import Observation

_WARM_UP_US = 86_400 * 1_000_000
"""A payload in pieces is sent within a day: its first piece may stand before the range."""
_REACH_NS = 86_400 * 1_000_000_000
"""How far from its receipt a reading of before is looked for, beyond the instants that the new ones name: a day."""
_NS_PER_US = 1_000
_AT_ONCE = 5_000
"""Observations compared at once."""


class Redecoding:
    """Runs jobs over the raw log."""

    def __init__(
        self,
        log: UplinkLog,
        reader: EnvelopeReader,
        step: Step,
        query: ReadingQuery,
        store: ObservationStore,
        history: ReadingHistory,
        scripts: ScriptDecoding | None = None,
    ) -> None:
        self._log = log
        self._reader = reader
        self._step = step
        self._query = query
        self._store = store
        self._history = history
        self._scripts = scripts

    async def run(
        self,
        job: Job,
        *,
        dry_run: bool,
        tell: Callable[[Difference], None] | None = None,
        reached: Callable[[int], None] | None = None,
    ) -> Redecoded:
        """Do ``job``, or only say what it would do.

        Args:
            job: what to read again.
            dry_run: compare, and store nothing.
            tell: called with each difference.
            reached: called with the receipt (µs) of the newest uplink that is done.

        Raises:
            Unavailable: log or store do not answer; the same job may be given again.
        """
        done = Redecoded()
        written_us = job.started_us
        async for part in self._parts(job, done):
            differences = await self._differences(part, done)
            for difference in differences:
                done.count(difference)
                if tell is not None:
                    tell(difference)
            if differences and not dry_run:
                await self._replace(differences, written_us)
            # What a later part says of the same instant was said later: overlapping histories repeat themselves.
            written_us += 1
            if reached is not None:
                reached(part.received_us)
        return done

    async def _parts(self, job: Job, done: Redecoded) -> AsyncIterator[Part]:
        """Yield what today's decoders say, some thousands of observations at once."""
        memories: defaultdict[int, dict[str, DeviceMemory]] = defaultdict(dict)
        part = Part(received_us=job.since_us)
        async for logged in self._log.replay(max(0, job.since_us - _WARM_UP_US), job.until_us):
            memory = memories[logged.partition]
            batch = read_batch(logged, self._reader)
            if self._scripts is not None:
                await self._scripts.decode(batch, memory)
            outcome = self._step.process(batch, memory)
            memory.update(outcome.memory)
            done.uplinks += len(logged.uplinks)
            part.take(job, batch, outcome, memory)
            if len(part.observations) >= _AT_ONCE:
                yield part
                done.dead.update(part.dead)
                part = Part(received_us=part.received_us)
        yield part
        done.dead.update(part.dead)

    async def _differences(self, part: Part, done: Redecoded) -> list[Difference]:
        by_device: defaultdict[str, list[Observation]] = defaultdict(list)
        for observation in part.observations:
            by_device[observation.dev_eui].append(observation)
        done.observations += len(part.observations)
        found: list[Difference] = []
        for device, received_us in part.read.items():
            theirs = by_device[device]
            stored = await self._stored(DevEui(device), theirs, received_us)
            fresh = fresh_readings(theirs)
            differing = list(changes(device, fresh, stored))
            done.same += len(fresh) - len(differing)
            found += differing
            found += withdrawals(device, fresh, stored, received_us)
        return found

    async def _stored(
        self, device: DevEui, theirs: Sequence[Observation], received_us: set[int]
    ) -> dict[Key, StoredReading]:
        """Return what is stored around the instants of ``theirs``, and around the receipt of the uplinks."""
        instants = [each.event_ns for each in theirs] + [each * _NS_PER_US for each in received_us]
        asked = ReadingFilter(min(instants) - _REACH_NS, max(instants) + _REACH_NS)
        return {place_of(each): each async for chunk in self._query.stream([device], asked) for each in chunk}

    async def _replace(self, differences: Sequence[Difference], written_us: int) -> None:
        """Keep what was believed, then say what is believed now: after a kill in between both may be done again."""
        await self._history.keep([each.before for each in differences if each.before is not None], written_us)
        await self._store.write([observation_of(each, written_us) for each in differences])
