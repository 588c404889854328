"""Recount: read all that the raw log has of some devices, and account it by network time."""

from collections.abc import Iterable

from msgspec import Struct, field

from application.ports.clock import Clock
from application.ports.envelope_reader import EnvelopeReader
from application.ports.uplink_log import RawUplink, UplinkLog
from application.processing.batch import Batch
from application.processing.own_messages import NETWORK_SERVER, raw_of
from application.processing.script_decoding import ScriptDecoding
from application.processing.step import Step
from domain.identifiers import DevEui
from domain.radio import Message, Recounted, Unreadable, Uplink

_US = 1_000


class History(Struct):
    """What the log has of one device."""

    partition: int
    through_offset: int = -1
    raws: list[RawUplink] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)


class Recounting:
    """Finds histories, counts them, and tells processing."""

    def __init__(
        self, log: UplinkLog, reader: EnvelopeReader, step: Step, clock: Clock, scripts: ScriptDecoding | None = None
    ) -> None:
        self._log = log
        self._reader = reader
        self._step = step
        self._clock = clock
        self._scripts = scripts

    async def recount(self, devices: Iterable[DevEui]) -> list[Recounted]:
        """Return the accounts of ``devices``; those that the log knows nothing of are left out.

        Raises:
            Unavailable: the log cannot be read now.
        """
        histories = await self._histories(frozenset(devices))
        return [await self._counted(device, histories[device]) for device in sorted(histories)]

    async def tell(self, recounts: Iterable[Recounted]) -> None:
        """Tell processing; a device that was heard in the meantime keeps its accounts and is to be recounted again.

        Raises:
            Unavailable: the log cannot be written now.
        """
        now_us = self._clock.now_us()
        await self._log.append([raw_of(each, now_us) for each in recounts])

    async def _histories(self, devices: frozenset[DevEui]) -> dict[DevEui, History]:
        found: dict[DevEui, History] = {}
        async for logged in self._log.replay(0, self._clock.now_us() + 1):
            for offset, raw in zip(logged.offsets, logged.uplinks, strict=True):
                device = self._reader.dev_eui(raw)
                if device not in devices or device is None:
                    continue
                history = found.setdefault(device, History(logged.partition))
                history.through_offset = offset
                if raw.network_server != NETWORK_SERVER:
                    history.raws.append(raw)
                    history.messages.append(self._reader.read(raw))
        return found

    async def _counted(self, device: DevEui, history: History) -> Recounted:
        """Account a history in one go: by network time, so that nothing is late."""
        order = sorted(range(len(history.raws)), key=lambda index: _place(history.raws[index], history.messages[index]))
        batch = Batch(
            history.partition,
            range(len(order)),
            [history.raws[index] for index in order],
            [history.messages[index] for index in order],
        )
        if self._scripts is not None:
            await self._scripts.decode(batch, {})
        memory = self._step.process(batch, {}).memory.get(device)
        return Recounted(device, history.through_offset, memory.accounts if memory is not None else {})


def _place(raw: RawUplink, message: Message) -> tuple[int, bool, int]:
    if isinstance(message, Uplink):
        return message.network_ns, True, message.f_cnt
    if isinstance(message, Unreadable):
        return raw.received_us * _US, False, 0
    return getattr(message, "network_ns", raw.received_us * _US), False, 0
