"""Running a job: read a part of the log, compare, replace."""

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence

from application.known_at import place_of
from application.pace import AT_ONCE, Pace
from application.ports.envelope_reader import EnvelopeReader
from application.ports.observation_store import ObservationStore
from application.ports.reading_history import ReadingHistory
from application.ports.reading_query import ReadingFilter, ReadingQuery
from application.ports.uplink_log import UplinkLog
from application.processing.batch import Batch, read_batch
from application.processing.outcome import Outcome
from application.processing.script_decoding import ScriptDecoding
from application.processing.step import Step
from application.redecode.comparison import (
    Replaced,
    by_write_time,
    changes,
    fresh_readings,
    last_ends,
    observation_of,
    standing_before,
    withdrawals,
)
from application.redecode.job import Difference, Job, Redecoded
from application.redecode.part import Part
from application.redecode.reached import Reached
from domain.device import DeviceMemory
from domain.identifiers import DevEui
from domain.radio import Ignored

_PIECES_US = 86_400 * 1_000_000
"""A payload in pieces is sent within a day: where the log has lost its beginning, it may have lost the first piece."""
_REACH_NS = 86_400 * 1_000_000_000
"""How far from its receipt a reading of before is looked for, beyond the instants that the new ones name: a day."""
_NS_PER_US = 1_000
_AT_ONCE = 5_000
"""Observations and uplinks compared at once."""


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
        reached: Callable[[Reached], None] | None = None,
        resumed: Reached | None = None,
        pace: Pace = AT_ONCE,
    ) -> Redecoded:
        """Do ``job``, or only say what it would do.

        Args:
            job: what to read again.
            dry_run: compare, and store nothing.
            tell: called with each difference.
            reached: called when a part is durable, with how far that is.
            resumed: how far the same job came before it was killed; what it did is not looked at again.
            pace: how much of its time the job works.

        Raises:
            Unavailable: log or store do not answer; the same job may be given again.
        """
        done = Redecoded()
        begin = resumed or Reached(job.since_us, job.started_us, {})
        written_us, positions = begin.written_us, dict(begin.positions)
        async for part in self._parts(job, done, begin, pace):
            replaced: list[Replaced] = []
            for device in part.devices():
                replaced += await self._differences(DevEui(device), part, done)
                await pace.rest()
            for difference, _ in replaced:
                done.count(difference)
                if tell is not None:
                    tell(difference)
            if replaced and not dry_run:
                await self._replace(replaced, written_us)
            done.dead.update(part.dead)
            # What a later part says of the same instant was said later: overlapping histories repeat themselves.
            written_us += 1
            positions |= part.positions
            if reached is not None:
                reached(Reached(part.received_us, written_us, dict(positions)))
        return done

    async def _parts(self, job: Job, done: Redecoded, begin: Reached, pace: Pace) -> AsyncIterator[Part]:
        """Yield what today's decoders say, some thousands of observations at once.

        The log is read from its beginning: what a device once told of its settings and firmware, it may have told long
        before the range, and a payload is not to be read without.
        """
        memories: defaultdict[int, dict[str, DeviceMemory]] = defaultdict(dict)
        whole_from_us: dict[int, int] = {}
        part = Part(received_us=begin.received_us)
        async for whole in self._log.replay(0, job.until_us):
            partition, memory = whole.partition, memories[whole.partition]
            if partition not in whole_from_us:
                whole_from_us[partition] = whole.uplinks[0].received_us + _PIECES_US if whole.offsets[0] else 0
            for logged in begin.parts(whole):
                batch = _of_the_job(job, read_batch(logged, self._reader))
                outcome = await self._said(batch, memory)
                done.uplinks += len(logged.uplinks)
                if not begin.is_done(logged):
                    part.take(job, batch, outcome, memory, whole_from_us[partition])
                    part.positions[partition] = logged.next_offset
                await pace.rest()
            if part.size >= _AT_ONCE:
                yield part
                part = Part(received_us=part.received_us)
        yield part

    async def _said(self, batch: Batch, memory: dict[str, DeviceMemory]) -> Outcome:
        """Return what today's decoders say of ``batch``, and remember what it says of its devices."""
        if self._scripts is not None:
            await self._scripts.decode(batch, memory)
        outcome = self._step.process(batch, memory)
        memory.update(outcome.memory)
        return outcome

    async def _differences(self, device: DevEui, part: Part, done: Redecoded) -> list[Replaced]:
        """Return what differs of a device, each with what stood there before."""
        theirs, received_us = part.observations.get(device, []), part.read.get(device, set())
        done.observations += len(theirs)
        instants = [each.event_ns for each in theirs] + [each * _NS_PER_US for each in received_us]
        asked = ReadingFilter(min(instants) - _REACH_NS, max(instants) + _REACH_NS)
        stored = {place_of(each): each async for chunk in self._query.stream([device], asked) for each in chunk}
        kept = await self._history.kept(device, asked)
        fresh = fresh_readings(theirs)
        differing = list(changes(device, fresh, stored))
        done.same += len(fresh) - len(differing)
        ends = last_ends(kept)
        differing += withdrawals(device, fresh, stored, kept, received_us)
        return [(each, standing_before(each, ends)) for each in differing]

    async def _replace(self, replaced: Sequence[Replaced], written_us: int) -> None:
        """Keep what was believed, then say what is believed now: after a kill in between both may be done again."""
        for at_us, some in by_write_time(replaced, written_us):
            await self._history.keep([before for _, before in some], at_us)
            await self._store.write([observation_of(each, at_us) for each, _ in some])


def _of_the_job(job: Job, batch: Batch) -> Batch:
    """Return of ``batch`` what came from the devices that are asked for, if any are by name."""
    if not job.devices:
        return batch
    rows = [
        row
        for row in zip(batch.offsets, batch.raws, batch.messages, strict=True)
        if not isinstance(row[2], Ignored) and row[2].dev_eui in job.devices
    ]
    return Batch(batch.partition, [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows])
