"""The pure step: from a batch of messages and the memory of their devices to an outcome.

No I/O, no clock, no randomness: a test of the whole stream is a plain call. The same messages with the same memory
give the same outcome, however they are cut into batches; that is what makes a kill at any line harmless.
"""

from application.ports.uplink_log import RawUplink
from application.processing.batch import Batch
from application.processing.frames import Frames
from application.processing.known_devices import KnownDevices
from application.processing.losses import with_recount, with_unparsed
from application.processing.outcome import Outcome
from application.processing.payload_reading import PayloadReading, Rejected
from application.processing.server_words import ServerWords, Words
from application.processing.unfinished import Unfinished
from domain.decoding import Decoders
from domain.device import Device, DeviceMemory, DeviceTypes, Memory
from domain.radio import (
    UTC_DAYS,
    Activation,
    Ignored,
    LossLedger,
    Recounted,
    ServerNotice,
    ServerReport,
    Unreadable,
    Uplink,
)

_OF_A_DEVICE = (Uplink, Activation, ServerReport, ServerNotice)
_ANYWHERE = LossLedger(UTC_DAYS)
"""Days of UTC, and no outage was ever recorded."""


class Step:
    """What the step must know beside its input: how devices are typed, how each type speaks, what is registered."""

    def __init__(
        self,
        types: DeviceTypes,
        decoders: Decoders,
        registry: KnownDevices | None = None,
        ledger: LossLedger = _ANYWHERE,
        *,
        radio_metadata: bool = True,
    ) -> None:
        self._payloads = PayloadReading(decoders)
        self._registry = registry or KnownDevices()
        self._ledger = ledger
        self._frames = Frames(types, self._payloads, self._registry, ledger.calendar, radio_metadata=radio_metadata)
        self._server_words = ServerWords(ledger.calendar)

    def process(self, batch: Batch, memory: Memory) -> Outcome:
        """Return what ``batch`` means to devices remembered as ``memory``, which is left as it is."""
        run = Unfinished(batch, memory, self._registry)
        run.counts.came_in = len(batch.messages)
        for offset, raw, message in zip(batch.offsets, batch.raws, batch.messages, strict=True):
            if not isinstance(message, _OF_A_DEVICE):
                self._other(run, offset, raw, message)
                continue
            known = run.known(message.dev_eui) or _stranger(message, offset - 1)
            if offset <= known.offset:
                run.counts.redelivered += 1  # its results are out: the log repeats itself after a restart
            elif isinstance(message, Uplink):
                self._frames.take(run, offset, raw, message, known)
            else:
                self._server_words.take(run, offset, raw, message, known)
        return run.finish(self._ledger)

    def _other(self, run: Unfinished, offset: int, raw: RawUplink, message: Recounted | Ignored | Unreadable) -> None:
        if isinstance(message, Recounted):
            _recounted(run, offset, raw, message)
        elif isinstance(message, Ignored):
            run.counts.ignore(message.reason)
        else:
            self._unreadable(run, offset, raw, message)

    def _unreadable(self, run: Unfinished, offset: int, raw: RawUplink, message: Unreadable) -> None:
        run.counts.dead += 1
        known, entry = run.known(message.dev_eui), self._registry.entry(message.dev_eui)
        types = [known.device.device_type if known else "", entry.device_type if entry else ""]
        concealed = any(map(self._payloads.may_conceal, types))
        # What is wrong with a message may be said by quoting its payload.
        said = "the message cannot be read" if concealed else message.detail
        why = Rejected(message.reason, said, concealed=concealed, undisclosed=message.detail)
        run.die_unread(offset, raw, why, message.dev_eui)
        remembered = with_unparsed(raw, offset, known) if known else None
        if remembered is not None:
            run.outcome.memory[message.dev_eui] = remembered


def _recounted(run: Unfinished, offset: int, raw: RawUplink, recount: Recounted) -> None:
    """Let the accounts of a recount take the place of those it has, unless more was heard in the meantime."""
    known = run.known(recount.dev_eui)
    anew = with_recount(recount, offset, raw, known) if known is not None else None
    run.counts.ignore("recount" if anew is not None else "recount_outdated")
    if anew is not None:
        run.outcome.memory[recount.dev_eui] = anew


def _stranger(message: Uplink | Words, offset: int) -> DeviceMemory:
    """Return the memory of a device never heard before."""
    return DeviceMemory(offset, Device(message.dev_eui, 0))
