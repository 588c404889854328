"""What the process tells whoever started it: one table from error to exit code (sysexits.h where it has a name)."""

from application.errors import ApplicationError, Fenced, NotFound, Refused, Unavailable, Unwell, WrongShape

OK = 0
NOT_FOUND = 1
UNWELL = 1
"""A command looked after something, and it is not well."""
CONFIGURATION = 2
UNAVAILABLE = 69
"""A dependency did not answer within its budget: start again later."""
BUG = 70
"""An invariant is broken; the traceback stands above."""
RESTART = 75
"""Another instance took over: start again."""
WRONG_SHAPE = 78
"""Schema, topic or stored state is not what this version needs: a restart does not help."""

_CODES: dict[type[ApplicationError], int] = {
    Refused: CONFIGURATION,
    NotFound: NOT_FOUND,
    Unwell: UNWELL,
    Unavailable: UNAVAILABLE,
    Fenced: RESTART,
    WrongShape: WRONG_SHAPE,
}


def exit_code(error: ApplicationError) -> int:
    """Return the exit code of a process that ends because of ``error``."""
    return next((code for kind, code in _CODES.items() if isinstance(error, kind)), BUG)
