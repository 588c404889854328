"""The messages of dead letters: as the letters keep them, or, where they were withheld, out of the raw log."""

import re
from collections.abc import Mapping, Sequence

from application.ports.dead_letters import DeadLetter
from application.ports.envelope_reader import EnvelopeReader
from application.ports.uplink_log import Place, RawUplink, UplinkLog
from domain.radio import Unreadable, Uplink

A_PIECE = ("fragments_incomplete", "it is a piece of a payload: `stadtfunk redecode` joins what the raw log still has")
_NETWORK_SERVERS = ("tts", "chirpstack", "ttn-v2")
"""A letter does not say which envelope it holds; that of one is none of the others."""
_ORIGIN = re.compile(r"uplinks/(\d{1,9})@(\d{1,18})", re.ASCII)


class LetterMessages:
    """Looks up what letters are about."""

    def __init__(self, log: UplinkLog, reader: EnvelopeReader) -> None:
        self._log = log
        self._reader = reader

    async def of(self, letters: Sequence[DeadLetter]) -> list[tuple[RawUplink, Uplink | Unreadable]]:
        """Return the message of each letter, and what it says.

        Raises:
            Unavailable: the raw log cannot be read now.
        """
        withheld = [each for each in letters if not each.body and _may_be_read(each)]
        logged = await logged_messages(self._log, withheld)
        return [self._message_of(each, logged) for each in letters]

    def _message_of(self, letter: DeadLetter, logged: Mapping[str, RawUplink]) -> tuple[RawUplink, Uplink | Unreadable]:
        kept = _raw(letter, "")
        if letter.stage != "process" or not letter.topic:
            return kept, Unreadable("no_message", "it is no message of a network server")
        if letter.reason == A_PIECE[0]:
            return kept, Unreadable(*A_PIECE)  # the message is that of the frame after it, which was read
        if not letter.body and letter.letter_id not in logged:
            return kept, Unreadable("log_forgot", f"the raw log does not keep {letter.origin} any more")
        candidates = [_raw(letter, each) for each in _NETWORK_SERVERS] if letter.body else [logged[letter.letter_id]]
        for raw in candidates:
            message = self._reader.read(raw)
            if isinstance(message, Uplink):
                return raw, message
        return kept, Unreadable(letter.reason, letter.detail)


async def logged_messages(log: UplinkLog, letters: Sequence[DeadLetter]) -> Mapping[str, RawUplink]:
    """Return, by the id of the letter, the messages of ``letters`` that the raw log still keeps.

    A log that began anew has others at their places: the time of receipt tells.

    Raises:
        Unavailable: the raw log cannot be read now.
    """
    places = {each.letter_id: place for each in letters if (place := _place_of(each)) is not None}
    if not places:
        return {}
    kept = await log.some(set(places.values()))
    return {
        each.letter_id: message
        for each in letters
        if each.letter_id in places
        and (message := kept.get(places[each.letter_id])) is not None
        and message.received_us == each.received_us
    }


def _place_of(letter: DeadLetter) -> Place | None:
    found = _ORIGIN.fullmatch(letter.origin)
    return None if found is None else (int(found[1]), int(found[2]))


def _may_be_read(letter: DeadLetter) -> bool:
    return letter.stage == "process" and bool(letter.topic) and letter.reason != A_PIECE[0]


def _raw(letter: DeadLetter, network_server: str) -> RawUplink:
    return RawUplink(letter.source, network_server, letter.topic, letter.body, letter.received_us)
