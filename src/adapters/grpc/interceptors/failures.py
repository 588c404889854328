"""Failures: whatever ends a call becomes a rich status; what only the operator can mend is logged."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from grpc import StatusCode
from grpc.aio import AbortError, InternalError
from grpc_status.rpc_status import to_status

from adapters.grpc.errors import answer_to, status_of
from adapters.grpc.interceptors.call import Call
from adapters.grpc.interceptors.request_id import REQUEST_ID_HEADER
from application.cancelling import is_told_to_end
from application.errors import Unavailable, Unfinished

_log = logging.getLogger(__name__)
_UNFORESEEN = StatusCode.INTERNAL


@asynccontextmanager
async def failures_as_status(call: Call) -> AsyncIterator[None]:
    """Answer ``call`` with the status of the exception that ends it.

    gRPC sends no status for a call that ends as cancelled, as it takes its client to be gone. So one that nobody has
    cancelled is answered: a store that closes cancels what it was asked, and the client would wait for ever.
    """
    with _nobody_left():
        try:
            yield
        except (AbortError, InternalError):  # has been answered already, or cannot be
            raise
        except asyncio.CancelledError:
            if is_told_to_end():  # our own limits have been undone when they come here
                raise
            await _answer(call, Unavailable("the store let go of the question"))
        except Exception as error:  # noqa: BLE001  the outermost place: nothing may get past it unanswered
            await _answer(call, error)


async def _answer(call: Call, error: Exception) -> None:
    _report(call, error)
    status = to_status(status_of(error, call.request_id))
    trailer = (*status.trailing_metadata, (REQUEST_ID_HEADER, call.request_id))
    await call.head.settled()
    await call.context.abort(status.code, status.details, trailer)


@contextmanager
def _nobody_left() -> Iterator[None]:
    """End the call quietly if its connection broke: nobody is left to be told."""
    try:
        yield
    except InternalError as error:
        _log.debug("the client has gone: %s", error)
        raise asyncio.CancelledError from None


def _report(call: Call, error: Exception) -> None:
    """Log what the client cannot mend: what was not foreseen with its traceback, the rest in a line."""
    if answer_to(error).code is _UNFORESEEN:
        _log.error("%s failed, request %s", call.method, call.request_id, exc_info=error)
    elif isinstance(error, Unavailable | Unfinished):
        _log.warning("%s could not be answered, request %s: %s", call.method, call.request_id, error)
