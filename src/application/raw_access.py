"""A message as it came, for a person who may see it: the raw log also has the keys that devices send.

It is a right of its own, granted by the settings of whoever asks; the store of the log asks for its own credentials.
"""

from application.errors import NotFound, Refused
from application.letter_messages import logged_messages
from application.ports.dead_letters import DeadLetter
from application.ports.uplink_log import RawUplink, UplinkLog


class RawAccess:
    """Looks up single messages of the raw log by the dead letters that name their place."""

    def __init__(self, log: UplinkLog, *, granted: bool) -> None:
        self._log = log
        self._granted = granted

    async def message_of(self, letter: DeadLetter) -> RawUplink:
        """Return the message of ``letter`` as the network server sent it.

        Raises:
            Refused: raw access is not granted.
            NotFound: the letter names no place in the raw log, or the log no longer keeps it.
            Unavailable: the log cannot be read now.
        """
        if not self._granted:
            raise Refused(
                "raw messages may show keys and are not shown: whoever has the right to see them sets"
                " [rights] raw_messages = true in settings of his own",
                setting="rights.raw_messages",
            )
        if (message := (await logged_messages(self._log, [letter])).get(letter.letter_id)) is not None:
            return message
        raise NotFound(f"the raw log does not keep {letter.origin}", origin=letter.origin)
