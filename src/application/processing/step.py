"""The pure step: from a batch of messages and the memory of their devices to an outcome.

No I/O, no clock, no randomness: a test of the whole stream is a plain call. The same messages with the same memory
give the same outcome, however they are cut into batches; that is what makes a kill at any line harmless.
"""

from application.ports.uplink_log import RawUplink
from application.processing.batch import NOT_SCRIPTED, Batch
from application.processing.known_devices import KnownDevices, with_firmware
from application.processing.letters import Sender, held_class, letter
from application.processing.losses import changed_losses, with_recount, with_unparsed
from application.processing.outcome import Outcome
from application.processing.payload_reading import (
    PayloadReading,
    Rejected,
    expired,
    is_configured,
    observed,
    placed_by_server,
    reported_by_server,
)
from application.processing.registration import registered, reported
from domain.decoding import Context, Decoders, DeviceFacts
from domain.device import (
    Device,
    DeviceMemory,
    DeviceTypes,
    LatestValue,
    Memory,
    device_state,
    with_latest,
)
from domain.observation import Observation
from domain.radio import (
    UTC_DAYS,
    Activation,
    FrameAccount,
    Ignored,
    LossLedger,
    Message,
    Recounted,
    ServerNotice,
    ServerReport,
    Unreadable,
    Uplink,
    Verdict,
    accounted,
    activate,
    connection_info,
    mark_undecodable,
    note,
)

_POSITION = "position/"
_NO_FRAMES = FrameAccount()
_ANYWHERE = LossLedger(UTC_DAYS)
"""Days of UTC, and no outage was ever recorded."""
_OF_A_DEVICE = (Uplink, Activation, ServerReport, ServerNotice)
_OfADevice = Uplink | Activation | ServerReport | ServerNotice


class Step:
    """What the step must know beside its input: how devices are typed, how each type speaks, what is registered."""

    def __init__(
        self,
        types: DeviceTypes,
        decoders: Decoders,
        registry: KnownDevices | None = None,
        ledger: LossLedger = _ANYWHERE,
    ) -> None:
        self._types = types
        self._payloads = PayloadReading(decoders)
        self._registry = registry or KnownDevices()
        self._ledger = ledger

    def process(self, batch: Batch, memory: Memory) -> Outcome:
        """Return what ``batch`` means to devices remembered as ``memory``, which is left as it is."""
        run = _Run(batch, memory, self._types, self._payloads, self._registry, self._ledger)
        for offset, raw, message in zip(batch.offsets, batch.raws, batch.messages, strict=True):
            run.take(offset, raw, message)
        return run.finish()


class _Run:
    """One batch in the making: every message ends in exactly one bucket of the conservation law."""

    def __init__(
        self,
        batch: Batch,
        memory: Memory,
        types: DeviceTypes,
        payloads: PayloadReading,
        registry: KnownDevices,
        ledger: LossLedger,
    ) -> None:
        self._partition = batch.partition
        self._scripted = batch.scripted
        self._before = memory
        self._types = types
        self._payloads = payloads
        self._registry = registry
        self._ledger = ledger
        self._calendar = ledger.calendar
        self._outcome = Outcome()
        self._changed = self._outcome.memory
        self._counts = self._outcome.counts

    def take(self, offset: int, raw: RawUplink, message: Message) -> None:
        """Work one message into the outcome."""
        self._counts.came_in += 1
        if isinstance(message, _OF_A_DEVICE):
            known = self._changed.get(message.dev_eui) or self._before.get(message.dev_eui)
            if known is None:
                known = _stranger(message, offset - 1)
            if offset <= known.offset:
                self._counts.redelivered += 1  # its results are out: the log repeats itself after a restart
            elif isinstance(message, Uplink):
                self._uplink(offset, raw, message, known)
            elif isinstance(message, Activation):
                self._activation(offset, raw, message, known)
            elif isinstance(message, ServerReport):
                self._report(offset, raw, message, known)
            else:
                self._notice(offset, raw, message, known)
        elif isinstance(message, Recounted):
            self._recounted(offset, raw, message)
        elif isinstance(message, Ignored):
            self._counts.ignore(message.reason)
        else:
            self._unreadable(offset, raw, message)

    def finish(self) -> Outcome:
        """Return the outcome, with one state for each device that changed, and the days of the ledger that did."""
        self._outcome.states = [device_state(memory) for memory in self._changed.values()]
        self._outcome.losses = changed_losses(self._ledger, self._before, self._changed)
        return self._outcome

    def _uplink(self, offset: int, raw: RawUplink, uplink: Uplink, known: DeviceMemory) -> None:
        verdict, source, accounts = accounted(uplink, known.accounts, self._calendar)
        device, context, latest = self._sender(uplink, raw, known.device), known.context, known.latest
        frames = counted = accounts[source]
        if verdict is Verdict.DUPLICATE:
            self._counts.duplicate += 1
        elif verdict is Verdict.REDELIVERED:
            self._counts.redelivered += 1
        else:
            self._counts.late += verdict is Verdict.LATE
            self._outcome.connections.append(connection_info(uplink))
            device, frames, context, latest = self._payload(offset, raw, uplink, known, device, frames)
            if uplink.place is not None:
                latest = self._placed(raw, uplink, device, latest)
            if verdict is Verdict.FORGOTTEN:
                frames = counted  # not counted, so not counted as undecodable either
        self._changed[uplink.dev_eui] = DeviceMemory(
            offset,
            device,
            accounts if frames is counted else {**accounts, source: frames},
            context,
            latest,
            max(known.last_seen_ns, uplink.network_ns),
            max(known.written_us + 1, raw.received_us),
        )

    def _payload(
        self, offset: int, raw: RawUplink, uplink: Uplink, known: DeviceMemory, device: Device, frames: FrameAccount
    ) -> tuple[Device, FrameAccount, Context, dict[str, LatestValue]]:
        """Read the payload of a counted frame; return what changes in the memory of its device."""
        if uplink.is_empty:
            self._counts.out += 1
            return device, frames, known.context, known.latest
        facts, scripted = self._facts(uplink, device), self._scripted.get(offset, NOT_SCRIPTED)
        read = self._payloads.read(uplink, device.device_type, known.context, facts, scripted)
        if isinstance(read, Rejected):
            self._counts.dead += 1
            self._dead(offset, raw, read, uplink.payload, device)
            return device, mark_undecodable(frames, uplink, self._calendar), known.context, known.latest
        self._counts.out += 1
        decoder, decoded = read
        latest = known.latest
        for snapshot in decoded.snapshots:
            observation = observed(snapshot, uplink, raw.received_us, device.device_type, decoder)
            latest = self._observed(observation, latest)
        if decoded.attributes:
            device = self._announced(device, reported(device, decoded.attributes, raw.received_us))
        for notice in decoded.notices:
            self._counts.notices[notice.code] += 1
        for fragment in decoded.expired:
            self._dead(offset, raw, expired(fragment, decoder), fragment.data, device)
        return device, frames, decoded.context, latest

    def _placed(
        self, raw: RawUplink, uplink: Uplink, device: Device, latest: dict[str, LatestValue]
    ) -> dict[str, LatestValue]:
        """Take over where the server has the device on its map, once, unless it is known from elsewhere."""
        known = latest.get(_POSITION)
        if known is not None and (known.value == uplink.place or not is_configured(known.value)):
            return latest
        return self._observed(placed_by_server(uplink, raw.received_us, device.device_type), latest)

    def _observed(self, observation: Observation, latest: dict[str, LatestValue]) -> dict[str, LatestValue]:
        self._outcome.observations.append(observation)
        self._counts.readings += len(observation.readings)
        return with_latest(latest, observation)

    def _activation(self, offset: int, raw: RawUplink, activation: Activation, known: DeviceMemory) -> None:
        before = known.accounts.get(activation.source, _NO_FRAMES)
        frames = activate(activation, before, self._calendar)
        if frames is before:
            self._counts.redelivered += 1
        else:
            self._outcome.activations.append(activation)
            self._counts.out += 1
        accounts = {**known.accounts, activation.source: frames}
        self._heard(offset, raw, activation, known, accounts, known.latest)

    def _report(self, offset: int, raw: RawUplink, report: ServerReport, known: DeviceMemory) -> None:
        """Take over what the server measured: its own readings, at its own time."""
        self._counts.out += 1
        observation = reported_by_server(report, raw.received_us, known.device.device_type)
        self._heard(offset, raw, report, known, known.accounts, self._observed(observation, known.latest))

    def _notice(self, offset: int, raw: RawUplink, notice: ServerNotice, known: DeviceMemory) -> None:
        self._counts.out += 1
        self._counts.notices[notice.code] += 1
        frames = note(notice, known.accounts.get(notice.source, _NO_FRAMES), self._calendar)
        accounts = {**known.accounts, notice.source: frames} if frames is not _NO_FRAMES else known.accounts
        self._heard(offset, raw, notice, known, accounts, known.latest)

    def _heard(
        self,
        offset: int,
        raw: RawUplink,
        message: _OfADevice,
        known: DeviceMemory,
        accounts: dict[str, FrameAccount],
        latest: dict[str, LatestValue],
    ) -> None:
        """Remember a message that is no frame of the device itself."""
        self._changed[message.dev_eui] = DeviceMemory(
            offset,
            known.device,
            accounts,
            known.context,
            latest,
            max(known.last_seen_ns, message.network_ns),
            max(known.written_us + 1, raw.received_us),
        )

    def _recounted(self, offset: int, raw: RawUplink, recount: Recounted) -> None:
        """Let the accounts of a recount take the place of those it has, unless more was heard in the meantime."""
        known = self._changed.get(recount.dev_eui) or self._before.get(recount.dev_eui)
        anew = with_recount(recount, offset, raw, known) if known is not None else None
        self._counts.ignore("recount" if anew is not None else "recount_outdated")
        if anew is not None:
            self._changed[recount.dev_eui] = anew

    def _unreadable(self, offset: int, raw: RawUplink, message: Unreadable) -> None:
        self._counts.dead += 1
        known = self._changed.get(message.dev_eui) or self._before.get(message.dev_eui)
        entry = self._registry.entry(message.dev_eui)
        types = [known.device.device_type if known else "", entry.device_type if entry else ""]
        concealed = any(map(self._payloads.may_conceal, types))
        # What is wrong with a message may be said by quoting its payload.
        said = "the message cannot be read" if concealed else message.detail
        rejected = Rejected(message.reason, said, concealed=concealed)
        sender = Sender(message.dev_eui, data_class=self._held_class(message.dev_eui))
        self._outcome.dead_letters.append(letter(self._partition, offset, raw, rejected, sender))
        remembered = with_unparsed(raw, offset, known) if known else None
        if remembered is not None:
            self._changed[remembered.device.dev_eui] = remembered

    def _dead(self, offset: int, raw: RawUplink, why: Rejected, payload: bytes, device: Device) -> None:
        sender = Sender(device.dev_eui, device.device_type, self._held_class(device.dev_eui))
        self._outcome.dead_letters.append(letter(self._partition, offset, raw, why, sender, payload))

    def _held_class(self, dev_eui: str) -> str:
        known, entry = self._changed.get(dev_eui) or self._before.get(dev_eui), self._registry.entry(dev_eui)
        return held_class(known.latest if known is not None else {}, entry.data_class if entry is not None else "")

    def _sender(self, uplink: Uplink, raw: RawUplink, known: Device) -> Device:
        """Return the sender's master data; what the registry says of its type outweighs what the server says."""
        entry = self._registry.entry(uplink.dev_eui)
        device_type = (entry.device_type if entry is not None else "") or self._types.of(uplink)
        return self._announced(known, registered(known, uplink, device_type, raw.received_us))

    def _facts(self, uplink: Uplink, device: Device) -> DeviceFacts:
        """Return what a codec may ask; of its firmware the device itself knows best, then the registry, the server."""
        facts = self._registry.facts(uplink.dev_eui)
        firmware = device.attributes.get("firmware") or facts.firmware or uplink.firmware
        return facts if firmware == facts.firmware else with_firmware(facts, firmware)

    def _announced(self, before: Device, device: Device) -> Device:
        if device is not before:
            self._outcome.devices.append(device)
        return device


def _stranger(message: _OfADevice, offset: int) -> DeviceMemory:
    """Return the memory of a device never heard before."""
    return DeviceMemory(offset, Device(message.dev_eui, 0))
