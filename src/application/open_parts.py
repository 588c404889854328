"""What is open, closed in reverse; what fails in closing hides nothing that failed before."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from functools import partial
from types import TracebackType
from typing import TypeVar

from application.cancelling import is_told_to_end
from application.errors import ApplicationError

_log = logging.getLogger(__name__)

T = TypeVar("T")
Exit = Callable[[type[BaseException] | None, BaseException | None, TracebackType | None], Awaitable[bool | None]]
E = TypeVar("E", bound=AbstractAsyncContextManager[object, bool | None] | Exit)


class OpenParts(AsyncExitStack):
    """An ``AsyncExitStack`` in which the first error stays: it is the cause, and the process ends with its code.

    A part that cannot be closed for an error (its connection is what broke) is told in the log, and all others are
    given the error that there was, not that one. Where nothing failed before, its failure is raised as ever.
    """

    async def enter_async_context(self, cm: AbstractAsyncContextManager[T, bool | None]) -> T:
        """Open ``cm``, to be closed with the others."""
        opened = await type(cm).__aenter__(cm)
        self.push_async_exit(cm)
        return opened

    def push_async_exit(self, exit: E) -> E:  # noqa: A002  as it is called there
        """Close or call ``exit`` with the others, without opening it."""
        close = exit.__aexit__ if isinstance(exit, AbstractAsyncContextManager) else exit
        super().push_async_exit(partial(_guarded, close))
        return exit


async def _guarded(
    exit_: Exit, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
) -> bool | None:
    try:
        return await exit_(kind, error, at)
    except (Exception, asyncio.CancelledError) as later:
        is_told = isinstance(later, asyncio.CancelledError) and is_told_to_end()
        if is_told or not isinstance(error, Exception):
            raise
        # What has words for an operator needs no traceback.
        _log.error("closing failed too: %s", later, exc_info=None if isinstance(later, ApplicationError) else later)
        return False
