"""Why nobody answered: aiokafka says it in its log only, and raises the same error for a wrong password and for no one.

Its log is heard for that, and otherwise says nothing unless somebody sets its level: what it meets is raised, and told
once, as an error of ours.
"""

import logging


class LastWords(logging.Handler):
    """Keeps the last error that a record of aiokafka's log was about."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.error: Exception | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the error among what was to be put into the text."""
        words = record.args if isinstance(record.args, tuple) else ()
        self.error = next((each for each in words if isinstance(each, Exception)), self.error)


LAST_WORDS = LastWords()


def listen() -> None:
    """Forget what was said before, and hear what is said from now on."""
    LAST_WORDS.error = None
    log = logging.getLogger("aiokafka")
    if LAST_WORDS not in log.handlers:
        log.addHandler(LAST_WORDS)
    log.propagate = log.level != logging.NOTSET
