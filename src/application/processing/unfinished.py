"""An outcome in the making: what came out of the messages so far, and what is known of their devices by now."""

from application.ports.uplink_log import RawUplink
from application.processing.batch import Batch
from application.processing.known_devices import KnownDevices
from application.processing.letters import Sender, held_class, letter
from application.processing.losses import changed_losses
from application.processing.outcome import Outcome
from application.processing.payload_reading import Rejected
from domain.device import Device, DeviceMemory, LatestRows, Memory, device_state, with_latest
from domain.observation import Observation
from domain.radio import FrameAccount, LossLedger

Accounts = dict[str, FrameAccount]


class Unfinished:
    """One batch in hand: every message of it ends in exactly one bucket of the conservation law."""

    __slots__ = ("_batch", "_before", "_known", "_registry", "counts", "outcome", "scripted")

    def __init__(self, batch: Batch, before: Memory, registry: KnownDevices) -> None:
        self._batch = batch
        self._before = before
        self._known: dict[str, DeviceMemory] = {}
        """Of ``_before`` what was asked for: once, as it may have to be decoded."""
        self._registry = registry
        self.scripted = batch.scripted
        """What scripts made of payloads, by offset."""
        self.outcome = Outcome()
        self.counts = self.outcome.counts

    def known(self, dev_eui: str) -> DeviceMemory | None:
        """Return what is remembered of a device by now; None: it was never heard."""
        known = self.outcome.memory.get(dev_eui)
        if known is None:
            known = self._before.get(dev_eui)
            if known is not None:
                self._known[dev_eui] = known
        return known

    def observe(self, observation: Observation, latest: LatestRows) -> LatestRows:
        """Add ``observation``, and return ``latest`` with it."""
        self.outcome.observations.append(observation)
        self.counts.readings += len(observation.readings)
        return with_latest(latest, observation)

    def die(self, offset: int, raw: RawUplink, why: Rejected, payload: bytes, device: Device) -> None:
        """Send a payload, or a piece of one, to the dead letters."""
        self._write(
            offset, raw, why, Sender(device.dev_eui, device.device_type, self._held_class(device.dev_eui)), payload
        )

    def die_unread(self, offset: int, raw: RawUplink, why: Rejected, dev_eui: str) -> None:
        """Send a message to the dead letters of which at most the device could be told."""
        self._write(offset, raw, why, Sender(dev_eui, data_class=self._held_class(dev_eui)))

    def finish(self, ledger: LossLedger) -> Outcome:
        """Return the outcome, with one state for each device that changed, and the days of the ledger that did."""
        outcome = self.outcome
        outcome.states = [device_state(memory) for memory in outcome.memory.values()]
        outcome.losses = changed_losses(ledger, self._known, outcome.memory)
        return outcome

    def _write(self, offset: int, raw: RawUplink, why: Rejected, sender: Sender, payload: bytes = b"") -> None:
        self.outcome.dead_letters.append(letter(self._batch.partition, offset, raw, why, sender, payload))

    def _held_class(self, dev_eui: str) -> str:
        known, entry = self.known(dev_eui), self._registry.entry(dev_eui)
        return held_class(known.latest if known is not None else (), entry.data_class if entry is not None else "")
