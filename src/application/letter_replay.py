"""Dead letters, processed again after somebody mended the cause: a new codec, an entry of the registry, a setting.

Only observations come of it. A frame whose payload was dead has been accounted when it came; what its device was heard
to say last, and the day's count of undecodable frames, stay as they are. What is stored is compared reading by reading,
as by a re-decode: a reading that is there already, or that a later uplink corrected, is not written. So a replay that
was killed, or is asked for twice, does what is left.
"""

import re
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from application.known_at import place_of
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

_T = TypeVar("_T")
RESOLVED = "resolved"
REFUSED = "refused"
"""Still: the letter waits on."""
DISCARDED = "discarded"
_NETWORK_SERVERS = ("tts", "chirpstack", "ttn-v2")
"""A letter does not say which envelope it holds; that of one is none of the others."""
_A_PIECE = ("fragments_incomplete", "it is a piece of a payload: `stadtfunk redecode` joins what the raw log still has")
_ORIGIN = re.compile(r"[^/]+/(\d+)@(\d+)")
_AT_ONCE = 500
"""Receipts kept at once: Kafka's desk reads its topic for each."""


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
        self._log = kept.log
        self._memories = kept.memories
        self._decoding = decoding
        self._stored = stored
        self._clock = clock

    async def replay(self, chosen: Chosen, *, dry_run: bool = False) -> AsyncIterator[Receipt]:
        """Process the ``chosen`` letters again, and yield what became of each; ``dry_run``: change nothing.

        Raises:
            Unavailable: a store does not answer; what was told so far is done, the rest may be asked for again.
        """
        found = [each async for each in self._letters.waiting() if chosen.takes(each)]
        # The newest first: what two frames say of one instant, the later of them has said.
        found.sort(key=lambda letter: (letter.received_us, letter.letter_id), reverse=True)
        for some in _parts(found):
            receipts = await self._replayed(some, dry_run=dry_run)
            if not dry_run:
                await self._settle(receipts)
            for receipt in receipts:
                yield receipt

    async def discard(self, chosen: Chosen, why: str) -> Sequence[Receipt]:
        """Lay the ``chosen`` letters aside for good, and return what became of each.

        Raises:
            Unavailable: not all could be settled; ask again.
        """
        waiting = [each async for each in self._letters.waiting() if chosen.takes(each)]
        receipts = [Receipt(letter, DISCARDED, "", why) for letter in waiting]
        for some in _parts(receipts):
            await self._settle(some)
        return receipts

    async def _settle(self, receipts: Sequence[Receipt]) -> None:
        now_us = self._clock.now_us()
        settled = [
            replace(each.letter, settled=Settlement(each.verdict, now_us, each.detail, each.readings))
            for each in receipts
            if each.verdict != REFUSED
        ]
        if settled:
            await self._letters.settle(settled)

    async def _replayed(self, letters: Sequence[DeadLetter], *, dry_run: bool) -> list[Receipt]:
        messages = [await self._message_of(letter) for letter in letters]
        devices = {uplink.dev_eui for _, uplink in messages if isinstance(uplink, Uplink)}
        memories = await self._memories.some(devices)
        return [
            await self._processed(letter, raw, said, memories.get(said.dev_eui), dry_run=dry_run)
            if isinstance(said, Uplink)
            else Receipt(letter, REFUSED, said.reason, said.detail)
            for letter, (raw, said) in zip(letters, messages, strict=True)
        ]

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
            return Receipt(letter, REFUSED, *_A_PIECE)
        if not outcome.observations:
            return Receipt(letter, RESOLVED, "", "read, and no reading is in it")
        added = await self._written(uplink.dev_eui, outcome.observations, dry_run=dry_run)
        decoders = ", ".join(sorted({each.decoder for each in outcome.observations}))
        return Receipt(letter, RESOLVED, "", f"read by {decoders}", added)

    async def _message_of(self, letter: DeadLetter) -> tuple[RawUplink, Uplink | Unreadable]:
        """Return a message and what it says: as it was kept, or, where it was withheld, out of the raw log."""
        kept = _raw(letter, "")
        if letter.stage != "process" or not letter.topic:
            return kept, Unreadable("no_message", "it is no message of a network server")
        if letter.reason == _A_PIECE[0]:
            return kept, Unreadable(*_A_PIECE)  # the message is that of the frame after it, which was read
        candidates = (
            [_raw(letter, server) for server in _NETWORK_SERVERS] if letter.body else await self._logged(letter)
        )
        if not candidates:
            return kept, Unreadable("log_forgot", f"the raw log does not keep {letter.origin} any more")
        for raw in candidates:
            message = self._decoding.reader.read(raw)
            if isinstance(message, Uplink):
                return raw, message
        return kept, Unreadable(letter.reason, letter.detail)

    async def _logged(self, letter: DeadLetter) -> list[RawUplink]:
        place = _ORIGIN.fullmatch(letter.origin)
        if place is not None:
            partition, offset = int(place[1]), int(place[2])
            async for batch in self._log.replay(letter.received_us, letter.received_us + 1):
                if batch.partition == partition and offset in batch.offsets:
                    return [batch.uplinks[batch.offsets.index(offset)]]
        return []

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


def _raw(letter: DeadLetter, network_server: str) -> RawUplink:
    return RawUplink(letter.source, network_server, letter.topic, letter.body, letter.received_us)


def _memory(device: DevEui, known: DeviceMemory | None) -> DeviceMemory:
    """Return what the step must know of a device; nothing of its frames, which are not accounted here.

    Pieces of payloads wait for frames of now, not for that of a letter.
    """
    if known is None:
        return DeviceMemory(-1, Device(device, 0))
    return DeviceMemory(-1, known.device, context=Context(settings=known.context.settings), latest=known.latest)


def _parts(found: Sequence[_T]) -> Iterable[Sequence[_T]]:
    return (found[start : start + _AT_ONCE] for start in range(0, len(found), _AT_ONCE))
