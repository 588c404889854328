"""What can go wrong around the use cases: data, not prose.

ApplicationError
├── Unavailable     the world does not answer now: retried within a budget, then the process ends with 69
├── WrongShape      schema, topic or stored state is not what this version needs: the process ends with 78
│   └── Unfinished  what is stored is not yet complete: who asks is refused, and may ask again
├── Fenced          another instance took over: the process ends with 75 and may be started again
├── Refused         the outside refuses us for good: credentials, topic filter, a taken port: ends with 2
├── NotFound        nothing is stored under that name
└── Unwell          somebody looked, and something is not as it should be: the command ends with 1
"""


class ApplicationError(Exception):
    """Root of the application's errors; ``reason`` is stable and part of the API."""

    reason = "APPLICATION"

    def __init__(self, message: str, **attributes: str) -> None:
        super().__init__(message)
        self.message = message
        self.attributes = attributes


class Unavailable(ApplicationError):
    """A port cannot do its work now; nothing was acknowledged and nothing is lost."""

    reason = "UNAVAILABLE"


class WrongShape(ApplicationError):
    """A schema, topic or stored state differs from what this version needs; the message names the remedy."""

    reason = "WRONG_SHAPE"


class Unfinished(WrongShape):
    """A migration has not come to its end, and without it an answer would lack something; the message names it."""

    reason = "MIGRATION_UNFINISHED"


class Fenced(ApplicationError):
    """Another instance owns what we worked on."""

    reason = "FENCED"


class Refused(ApplicationError):
    """The outside will not have us as we are configured; the message names the setting."""

    reason = "REFUSED"


class NotFound(ApplicationError):
    """Nothing is known under the name asked for."""

    reason = "NOT_FOUND"


class Unwell(ApplicationError):
    """Looking worked, and what was found is not well; the message names it."""

    reason = "UNWELL"
