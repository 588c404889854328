"""Processing of one partition after another: read the log, take the step, make the outcome durable, go on."""

from collections.abc import AsyncIterator, Iterator

from msgspec import Struct

from application.ports.checkpoint import Checkpoint
from application.ports.clock import Clock
from application.ports.envelope_reader import EnvelopeReader
from application.ports.uplink_log import PART, LoggedUplinks, UplinkLog, joined
from application.processing.batch import Batch, read_batch
from application.processing.frame_totals import FrameTotals, totalled
from application.processing.outcome import Outcome
from application.processing.script_decoding import ScriptDecoding
from application.processing.step import Step
from application.stage_counts import StageCounts
from domain.device import Memory


class _Turn(Struct):
    """What becomes durable together."""

    counts: StageCounts
    received_us: int
    """When its first message was received."""
    newest: Outcome | None = None
    """What came out of its last part."""


class Processing:
    """The same for the embedded platform and for a replica among many."""

    def __init__(
        self,
        log: UplinkLog,
        reader: EnvelopeReader,
        step: Step,
        checkpoint: Checkpoint,
        clock: Clock,
        scripts: ScriptDecoding | None = None,
    ) -> None:
        self._log = log
        self._reader = reader
        self._step = step
        self._checkpoint = checkpoint
        self._clock = clock
        self._scripts = scripts if scripts is not None and scripts.is_needed else None
        self.counts = StageCounts()
        self.newest: Outcome | None = None
        """What came out of the last messages, once it is durable, for whoever wants to look on."""
        self._memories: dict[int, Memory] = {}

    def frames(self) -> FrameTotals:
        """Return the frame accounts of all devices in our partitions, added up; takes about 2 µs a device."""
        return totalled(self._memories.values())

    async def work(self, partition: int) -> None:
        """Process ``partition`` for as long as it is ours.

        Raises:
            Unavailable, WrongShape, Fenced: as log and checkpoint do; nothing is lost, a restart takes it up again.
        """
        restored = await self._checkpoint.restore(partition)
        memory = self._memories[partition] = restored.memory
        try:
            turn: _Turn | None = None
            async for logged in self._read(partition, restored.offset):
                turn = turn or _Turn(StageCounts(), logged.uplinks[0].received_us)
                for part in await self._parts(logged, memory):
                    self._take(part, memory, turn)
                if not logged.more:
                    await self._checkpoint.commit(partition, logged.next_offset)
                    self._tell(turn)
                    turn = None
        finally:
            del self._memories[partition]  # also when it is lost: its new owner remembers its devices

    def _read(self, partition: int, offset: int) -> AsyncIterator[LoggedUplinks]:
        """Return what the log gives; all payloads for scripts that become durable together go to them at once."""
        found = self._log.read(partition, offset)
        return found if self._scripts is None else joined(found)

    async def _parts(self, logged: LoggedUplinks, memory: Memory) -> Iterator[Batch]:
        """Return ``logged``, read, in parts so small that what is computed of them stays near the processor.

        Without scripts each part is read only when its turn has come.
        """
        if self._scripts is None:
            return (read_batch(part, self._reader) for part in logged.parts(PART))
        batch = read_batch(logged, self._reader)
        await self._scripts.decode(batch, memory)
        return batch.parts(PART)

    def _take(self, part: Batch, memory: Memory, turn: _Turn) -> None:
        """Take the step with ``part``, and hand over what came out of it while it is near the processor."""
        turn.newest = None  # freed before more is made, which then takes its place in the cache
        outcome = turn.newest = self._step.process(part, memory)
        self._checkpoint.take(part.partition, outcome)
        turn.counts.add(outcome.counts)

    def _tell(self, turn: _Turn) -> None:
        """Count what is durable now."""
        self.counts.add(turn.counts)
        # A clock that is set back, or that of another machine, must not make it negative.
        self.counts.latencies_us.append(max(0, self._clock.now_us() - turn.received_us))
        self.newest = turn.newest
