"""Processing of one partition after another: read the log, take the step, make the outcome durable, go on."""

from application.ports.checkpoint import Checkpoint
from application.ports.clock import Clock
from application.ports.envelope_reader import EnvelopeReader
from application.ports.uplink_log import UplinkLog
from application.processing.batch import read_batch
from application.processing.frame_totals import FrameTotals, totalled
from application.processing.outcome import Outcome
from application.processing.script_decoding import ScriptDecoding
from application.processing.step import Step
from application.stage_counts import StageCounts
from domain.device import DeviceMemory


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
        """The last durable outcome, for whoever wants to look on."""
        self._memories: dict[int, dict[str, DeviceMemory]] = {}

    def frames(self) -> FrameTotals:
        """Return the frame accounts of all devices in our partitions, added up; takes about 1 µs a device."""
        return totalled(self._memories.values())

    async def work(self, partition: int) -> None:
        """Process ``partition`` for as long as it is ours.

        Raises:
            Unavailable, WrongShape, Fenced: as log and checkpoint do; nothing is lost, a restart takes it up again.
        """
        restored = await self._checkpoint.restore(partition)
        memory = self._memories[partition] = restored.memory
        try:
            async for logged in self._log.read(partition, restored.offset):
                batch = read_batch(logged, self._reader)
                if self._scripts is not None:
                    await self._scripts.decode(batch, memory)
                outcome = self._step.process(batch, memory)
                await self._checkpoint.commit(partition, outcome, logged.next_offset)
                memory.update(outcome.memory)
                self.counts.add(outcome.counts)
                # A clock that is set back, or that of another machine, must not make it negative.
                self.counts.latencies_us.append(max(0, self._clock.now_us() - logged.uplinks[0].received_us))
                self.newest = outcome
        finally:
            del self._memories[partition]  # also when it is lost: its new owner remembers its devices
