"""The pure step: from a batch of messages and the memory of their devices to an outcome.

No I/O, no clock, no randomness: a test of the whole stream is a plain call. The same messages with the same memory
give the same outcome, however they are cut into batches; that is what makes a kill at any line harmless.
"""

from hashlib import blake2b

from application.ports.dead_letters import DeadLetter
from application.ports.uplink_log import RawUplink
from application.processing.batch import Batch
from application.processing.outcome import Outcome
from application.processing.payload_reading import PayloadReading, Rejected, expired, observed
from domain.decoding import Context, Decoders
from domain.device import (
    Device,
    DeviceMemory,
    DeviceTypes,
    LatestReading,
    Memory,
    device_state,
    with_latest,
    with_reported,
)
from domain.radio import (
    Activation,
    FrameAccount,
    Ignored,
    Message,
    ServerNotice,
    ServerReport,
    Unreadable,
    Uplink,
    Verdict,
    account,
    activate,
    connection_info,
    mark_undecodable,
)

_NO_FRAMES = FrameAccount()
_STAGE = "process"
_OF_A_DEVICE = (Uplink, Activation)


class Step:
    """What the step must know beside its input: how devices are typed, and how each type speaks."""

    def __init__(self, types: DeviceTypes, decoders: Decoders) -> None:
        self._types = types
        self._payloads = PayloadReading(decoders)

    def process(self, batch: Batch, memory: Memory) -> Outcome:
        """Return what ``batch`` means to devices remembered as ``memory``, which is left as it is."""
        run = _Run(batch.partition, memory, self._types, self._payloads)
        for offset, raw, message in zip(batch.offsets, batch.raws, batch.messages, strict=True):
            run.take(offset, raw, message)
        return run.finish()


class _Run:
    """One batch in the making: every message ends in exactly one bucket of the conservation law."""

    def __init__(self, partition: int, memory: Memory, types: DeviceTypes, payloads: PayloadReading) -> None:
        self._partition = partition
        self._before = memory
        self._types = types
        self._payloads = payloads
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
            else:
                self._activation(offset, raw, message, known)
        elif isinstance(message, Ignored):
            self._counts.ignore(message.reason)
        elif isinstance(message, ServerReport | ServerNotice):
            self._counts.ignore("server_message")
        else:
            self._unreadable(offset, raw, message)

    def finish(self) -> Outcome:
        """Return the outcome, with one state for each device that changed."""
        self._outcome.states = [device_state(memory) for memory in self._changed.values()]
        return self._outcome

    def _uplink(self, offset: int, raw: RawUplink, uplink: Uplink, known: DeviceMemory) -> None:
        before = known.accounts.get(uplink.source, _NO_FRAMES)
        verdict, frames = account(uplink, before)
        device, context, latest = self._registered(uplink, raw, known.device), known.context, known.latest
        if verdict is Verdict.DUPLICATE:
            self._counts.duplicate += 1
        elif verdict is Verdict.REDELIVERED:
            self._counts.redelivered += 1
        else:
            self._counts.late += verdict is Verdict.LATE
            self._outcome.connections.append(connection_info(uplink))
            device, frames, context, latest = self._payload(offset, raw, uplink, known, device, frames)
            if verdict is Verdict.FORGOTTEN:
                frames = before  # not counted, so not counted as undecodable either
        self._changed[uplink.dev_eui] = DeviceMemory(
            offset,
            device,
            {**known.accounts, uplink.source: frames},
            context,
            latest,
            max(known.last_seen_ns, uplink.network_ns),
            max(known.written_us + 1, raw.received_us),
        )

    def _payload(
        self, offset: int, raw: RawUplink, uplink: Uplink, known: DeviceMemory, device: Device, frames: FrameAccount
    ) -> tuple[Device, FrameAccount, Context, dict[str, LatestReading]]:
        """Read the payload of a counted frame; return what changes in the memory of its device."""
        if uplink.is_empty:
            self._counts.out += 1
            return device, frames, known.context, known.latest
        read = self._payloads.read(uplink, device.device_type, known.context)
        if isinstance(read, Rejected):
            self._counts.dead += 1
            self._dead(offset, raw, read, uplink, device.device_type)
            return device, mark_undecodable(frames), known.context, known.latest
        self._counts.out += 1
        decoder, decoded = read
        latest = known.latest
        for snapshot in decoded.snapshots:
            observation = observed(snapshot, uplink, raw.received_us, device.device_type, decoder)
            self._outcome.observations.append(observation)
            self._counts.readings += len(snapshot.readings)
            latest = with_latest(latest, observation)
        if decoded.attributes:
            device = self._reported(device, decoded.attributes, raw.received_us)
        for notice in decoded.notices:
            self._counts.notices[notice.code] += 1
        for fragment in decoded.expired:
            self._dead(offset, raw, expired(fragment, decoder), uplink, device.device_type, fragment.data)
        return device, frames, decoded.context, latest

    def _activation(self, offset: int, raw: RawUplink, activation: Activation, known: DeviceMemory) -> None:
        before = known.accounts.get(activation.source, _NO_FRAMES)
        frames = activate(activation, before)
        if frames is before:
            self._counts.redelivered += 1
        else:
            self._outcome.activations.append(activation)
            self._counts.out += 1
        self._changed[activation.dev_eui] = DeviceMemory(
            offset,
            known.device,
            {**known.accounts, activation.source: frames},
            known.context,
            known.latest,
            max(known.last_seen_ns, activation.network_ns),
            max(known.written_us + 1, raw.received_us),
        )

    def _unreadable(self, offset: int, raw: RawUplink, message: Unreadable) -> None:
        self._counts.dead += 1
        rejected = Rejected(message.reason, message.detail)
        self._outcome.dead_letters.append(_letter(self._partition, offset, raw, rejected, message.dev_eui))

    def _dead(
        self, offset: int, raw: RawUplink, why: Rejected, uplink: Uplink, device_type: str, payload: bytes = b""
    ) -> None:
        letter = _letter(self._partition, offset, raw, why, uplink.dev_eui, device_type, payload or uplink.payload)
        self._outcome.dead_letters.append(letter)

    def _registered(self, uplink: Uplink, raw: RawUplink, known: Device) -> Device:
        """Return the sender's master data; a first uplink registers it, another type (new settings) updates it."""
        device_type = self._types.of(uplink) or known.device_type
        if device_type == known.device_type and known.registered_us:
            return known
        return self._announced(
            Device(
                uplink.dev_eui,
                max(known.written_us + 1, raw.received_us),
                device_type,
                known.source or uplink.source,
                known.application_id or uplink.application_id,
                known.device_id or uplink.device_id,
                known.registered_us or raw.received_us,
                known.attributes,
            )
        )

    def _reported(self, known: Device, attributes: dict[str, str], received_us: int) -> Device:
        """Return the device with what it reports of itself."""
        merged = with_reported(known.attributes, attributes)
        if merged == known.attributes:
            return known
        return self._announced(
            Device(
                known.dev_eui,
                max(known.written_us + 1, received_us),
                known.device_type,
                known.source,
                known.application_id,
                known.device_id,
                known.registered_us,
                merged,
            )
        )

    def _announced(self, device: Device) -> Device:
        self._outcome.devices.append(device)
        return device


def _stranger(message: Uplink | Activation, offset: int) -> DeviceMemory:
    """Return the memory of a device never heard before."""
    return DeviceMemory(offset, Device(message.dev_eui, 0))


def _letter(
    partition: int,
    offset: int,
    raw: RawUplink,
    why: Rejected,
    dev_eui: str,
    device_type: str = "",
    payload: bytes = b"",
) -> DeadLetter:
    return DeadLetter(
        letter_id=f"{why.code}-{_digest(raw, why, payload)}",
        reason=why.code,
        stage=_STAGE,
        detail=why.detail,
        origin=f"uplinks/{partition}@{offset}",
        source=raw.source,
        topic=raw.topic,
        received_us=raw.received_us,
        body=raw.body,
        dev_eui=dev_eui,
        device_type=device_type,
        decoder=why.decoder,
        payload=payload,
    )


def _digest(raw: RawUplink, why: Rejected, payload: bytes) -> str:
    """Return what tells one message from all others, and not from its own repeats."""
    return blake2b(b"\0".join((raw.topic.encode(), why.detail.encode(), payload, raw.body)), digest_size=8).hexdigest()
