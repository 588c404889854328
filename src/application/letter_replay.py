"""Dead letters, processed again after somebody mended the cause: a new codec, an entry of the registry, a setting.

Only observations come of it. A frame whose payload was dead has been accounted when it came; what its device was heard
to say last, and the day's count of undecodable frames, stay as they are. What is stored is compared reading by reading,
as by a re-decode: a reading that is there already, or that a later uplink corrected, is not written. So a replay that
was killed, or is asked for twice, does what is left.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from application.errors import ApplicationError
from application.known_at import place_of
from application.letter_messages import A_PIECE, LetterMessages
from application.letter_parts import REPLAYED_AT_ONCE, cut, held
from application.ports.clock import Clock
from application.ports.dead_letters import DeadLetter, DeadLetters, Settlement
from application.ports.device_memories import DeviceMemories
from application.ports.envelope_reader import EnvelopeReader
from application.ports.observation_store import ObservationStore
from application.ports.reading_history import ReadingHistory
from application.ports.reading_query import ReadingFilter, ReadingQuery
from application.ports.uplink_log import RawUplink, UplinkLog
from application.processing.batch import Batch
from application.processing.script_decoding import ScriptDecoding
from application.processing.step import Step
from application.redecode.comparison import (
    by_write_time,
    changes,
    fresh_readings,
    last_ends,
    observation_of,
    standing_before,
)
from domain.decoding import Context
from domain.device import Device, DeviceMemory
from domain.identifiers import DevEui
from domain.observation import Observation
from domain.radio import Unreadable, Uplink

RESOLVED = "resolved"
REFUSED = "refused"
"""Still: the letter waits on."""
DISCARDED = "discarded"
Message: TypeAlias = tuple[RawUplink, Uplink | Unreadable]


class Receipt(Struct, frozen=True):
    """What became of a letter."""

    letter: DeadLetter
    verdict: str
    """``resolved``, ``refused`` or ``discarded``."""
    reason: str
    """Why it is still refused, a stable code; empty otherwise."""
    detail: str
    readings: int = 0
    """Which were not there before."""


class Chosen(Struct, frozen=True):
    """Which letters are meant; without any word, all that wait."""

    letter_ids: frozenset[str] = frozenset()
    reason: str = ""
    device_type: str = ""

    def takes(self, letter: DeadLetter) -> bool:
        """Say whether ``letter`` is meant."""
        return (
            (not self.letter_ids or letter.letter_id in self.letter_ids)
            and self.reason in ("", letter.reason)
            and self.device_type in ("", letter.device_type)
        )


class Stored(Struct, frozen=True):
    """Where readings are, and those that were believed before."""

    query: ReadingQuery
    store: ObservationStore
    history: ReadingHistory


class Kept(Struct, frozen=True):
    """Where letters, messages and what is remembered of devices are."""

    letters: DeadLetters
    log: UplinkLog
    memories: DeviceMemories


class Decoding(Struct, frozen=True):
    """What makes observations of messages."""

    reader: EnvelopeReader
    step: Step
    scripts: ScriptDecoding | None = None


class LetterReplay:
    """Processes letters again, or lays them aside."""

    def __init__(self, kept: Kept, decoding: Decoding, stored: Stored, clock: Clock) -> None:
        self._letters = kept.letters
        self._messages = LetterMessages(kept.log, decoding.reader)
        self._memories = kept.memories
        self._decoding = decoding
        self._stored = stored
        self._clock = clock

    async def replay(self, chosen: Chosen, *, dry_run: bool = False) -> AsyncGenerator[Receipt, None]:
        """Process the ``chosen`` letters again, and yield what became of each; ``dry_run``: change nothing.

        The newest first: what two frames say of one instant, the later of them has said.

        Raises:
            Unavailable: a store does not answer; what was told so far is done, the rest may be asked for again.
        """
        async with aclosing(held(self._letters.chosen(chosen.takes))) as parts:
            async for part in parts:
                messages = await self._messages.of(part)
                devices = {uplink.dev_eui for _, uplink in messages if isinstance(uplink, Uplink)}
                memories = await self._memories.some(devices)
                for some in cut(list(zip(part, messages, strict=True)), REPLAYED_AT_ONCE):
                    receipts: list[Receipt] = []
                    failure = await self._replay_some(some, memories, receipts, dry_run=dry_run)
                    for receipt in receipts:
                        yield receipt
                    if failure is not None:
                        raise failure

    async def _replay_some(
        self,
        some: Sequence[tuple[DeadLetter, Message]],
        memories: Mapping[DevEui, DeviceMemory],
        receipts: list[Receipt],
        *,
        dry_run: bool,
    ) -> ApplicationError | None:
        """Process ``some`` again, and add to ``receipts`` what became of each; return what kept us from the rest.

        First the readings, then the receipts: readings and letters are in two stores that share no transaction, and a
        letter that is settled has lost its message. Killed in between, the readings are there and their letters still
        wait; the next replay finds nothing to add and settles them, with no new readings in their receipts. The other
        way round, the readings would be lost. What was processed before a failure or a signal is settled all the same.
        """
        try:
            for letter, message in some:
                receipts.append(await self._replayed(letter, message, memories, dry_run=dry_run))
        except ApplicationError as error:
            return error
        finally:
            if not dry_run:
                await self._settle(receipts)
        return None

    async def discard(self, chosen: Chosen, why: str) -> AsyncGenerator[Receipt, None]:
        """Lay the ``chosen`` letters aside for good, and yield what became of each.

        Raises:
            Unavailable: not all could be settled; ask again.
        """
        async with aclosing(held(self._letters.chosen(chosen.takes))) as parts:
            async for part in parts:
                for some in cut([Receipt(letter, DISCARDED, "", why) for letter in part]):
                    await self._settle(some)
                    for receipt in some:
                        yield receipt

    async def _settle(self, receipts: Sequence[Receipt]) -> None:
        now_us = self._clock.now_us()
        settled = [
            replace(each.letter, settled=Settlement(each.verdict, now_us, each.detail, each.readings))
            for each in receipts
            if each.verdict != REFUSED
        ]
        if settled:
            await self._letters.settle(settled)

    async def _replayed(
        self, letter: DeadLetter, message: Message, memories: Mapping[DevEui, DeviceMemory], *, dry_run: bool
    ) -> Receipt:
        raw, said = message
        if isinstance(said, Unreadable):
            return Receipt(letter, REFUSED, said.reason, said.detail)
        return await self._processed(letter, raw, said, memories.get(said.dev_eui), dry_run=dry_run)

    async def _processed(
        self, letter: DeadLetter, raw: RawUplink, uplink: Uplink, known: DeviceMemory | None, *, dry_run: bool
    ) -> Receipt:
        memory: dict[str, DeviceMemory] = {uplink.dev_eui: _memory(uplink.dev_eui, known)}
        batch = Batch(0, [0], [raw], [uplink])
        if self._decoding.scripts is not None:
            await self._decoding.scripts.decode(batch, memory)
        outcome = self._decoding.step.process(batch, memory)
        if outcome.dead_letters:
            again = outcome.dead_letters[0]
            return Receipt(letter, REFUSED, again.reason, again.detail)
        after = outcome.memory.get(uplink.dev_eui)
        if after is not None and after.context.fragments:
            return Receipt(letter, REFUSED, *A_PIECE)
        if not outcome.observations:
            return Receipt(letter, RESOLVED, "", "read, and no reading is in it")
        added = await self._written(uplink.dev_eui, outcome.observations, dry_run=dry_run)
        decoders = ", ".join(sorted({each.decoder for each in outcome.observations}))
        return Receipt(letter, RESOLVED, "", f"read by {decoders}", added)

    async def _written(self, device: DevEui, observations: Sequence[Observation], *, dry_run: bool) -> int:
        """Write what is not there yet, and return how many readings that is."""
        instants = [each.event_ns for each in observations]
        asked = ReadingFilter(min(instants), max(instants) + 1)
        stored = {place_of(each): each async for chunk in self._stored.query.stream([device], asked) for each in chunk}
        differing = list(changes(device, fresh_readings(observations), stored))
        if differing and not dry_run:
            ends = last_ends(await self._stored.history.kept(device, asked))
            replaced = [(each, standing_before(each, ends)) for each in differing]
            for at_us, some in by_write_time(replaced, self._clock.now_us()):
                await self._stored.history.keep([before for _, before in some], at_us)
                await self._stored.store.write([observation_of(each, at_us) for each, _ in some])
        return len(differing)


def _memory(device: DevEui, known: DeviceMemory | None) -> DeviceMemory:
    """Return what the step must know of a device; nothing of its frames, which are not accounted here.

    Pieces of payloads wait for frames of now, not for that of a letter.
    """
    if known is None:
        return DeviceMemory(-1, Device(device, 0))
    return DeviceMemory(-1, known.device, context=Context(settings=known.context.settings), latest=known.latest)
