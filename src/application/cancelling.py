"""Who broke it off: somebody who had told it to end, or a library that cancels what we wait for."""

import asyncio


def is_told_to_end() -> bool:
    """Say whether somebody wants the task at work to end: a ``CancelledError`` without that is a library's."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def broken_off(what: object) -> RuntimeError:
    """Return the error of what a library broke off."""
    return RuntimeError(f"{named(what)} was broken off, and nobody had told it to")


def named(what: object) -> object:
    """Return the name of a coroutine; anything else as it is."""
    return getattr(what, "__qualname__", what)
