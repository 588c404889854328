"""The one table from errors to gRPC status, and the rich status that clients read (AIP-193).

What a port or a broken machine says is for the operator's log: it may name hosts and paths. Only what concerns
the request itself is told to the client in its own words.
"""

from collections.abc import Mapping
from typing import NamedTuple

from google.protobuf.any_pb2 import Any as Packed
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.rpc.error_details_pb2 import (  # type: ignore[import-untyped]  # its stubs come without py.typed
    BadRequest,
    ErrorInfo,
    RequestInfo,
    RetryInfo,
)
from google.rpc.status_pb2 import Status  # type: ignore[import-untyped]  # likewise
from grpc import StatusCode

from application.errors import ApplicationError, NotFound, Unavailable, Unfinished
from domain.errors import DomainError, InvalidValue

DOMAIN = "stadtfunk"
"""Whose reasons they are (ErrorInfo.domain)."""
_LONGEST_TEXT = 200
"""Trailers hold 8 kB by default; base64 and percent-encoding make a text up to 12 bytes a character."""
_RETRY_S = 2
"""Longer than a store's restart of one node is felt, shorter than a person waits."""


class CallTooLong(ApplicationError):
    """A call took more time than any call may."""

    reason = "CALL_TOO_LONG"


class StreamLimit(ApplicationError):
    """A stream has run as long, or sent as much, as one may; it can be taken up again."""

    reason = "STREAM_LIMIT"


class ReaderTooSlow(ApplicationError):
    """A client does not take what a stream sends it."""

    reason = "READER_TOO_SLOW"


class TooManyStreams(ApplicationError):
    """As many streams are open as there may be."""

    reason = "TOO_MANY_STREAMS"


class ChangesNotAllowed(ApplicationError):
    """This server answers questions and changes nothing."""

    reason = "CHANGES_NOT_ALLOWED"


class Stopping(ApplicationError):
    """The server is about to end."""

    reason = "STOPPING"


class Answer(NamedTuple):
    """How an error is answered."""

    code: StatusCode
    text: str = ""
    """What the client is told; empty: what the error says, with its attributes."""
    retry: bool = False
    """Whether the same call may succeed soon."""


_UNKNOWN = Answer(StatusCode.INTERNAL, "internal error: give the request id to the operator")

_ANSWERS: Mapping[type[Exception], Answer] = {
    InvalidValue: Answer(StatusCode.INVALID_ARGUMENT),
    DomainError: Answer(StatusCode.FAILED_PRECONDITION),
    NotFound: Answer(StatusCode.NOT_FOUND),
    Unavailable: Answer(StatusCode.UNAVAILABLE, "the store does not answer now: try again", retry=True),
    CallTooLong: Answer(StatusCode.DEADLINE_EXCEEDED),
    StreamLimit: Answer(StatusCode.RESOURCE_EXHAUSTED),
    ReaderTooSlow: Answer(StatusCode.RESOURCE_EXHAUSTED),
    TooManyStreams: Answer(StatusCode.RESOURCE_EXHAUSTED, retry=True),
    ChangesNotAllowed: Answer(StatusCode.PERMISSION_DENIED),
    Stopping: Answer(StatusCode.UNAVAILABLE, retry=True),
    Unfinished: Answer(StatusCode.FAILED_PRECONDITION),
    # Fenced, Refused and any other WrongShape are the operator's; whatever else there is was not foreseen.
    ApplicationError: _UNKNOWN,
    Exception: _UNKNOWN,
}


def answer_to(error: Exception) -> Answer:
    """Return how ``error`` is answered: by the nearest of its classes that stands in the table."""
    return next(_ANSWERS[kind] for kind in type(error).__mro__ if kind in _ANSWERS)


def status_of(error: Exception, request_id: str) -> Status:
    """Return the rich status of ``error`` in the call ``request_id``."""
    answer = answer_to(error)
    reason, message, attributes = _told(error, answer)
    details: list[Message] = [
        ErrorInfo(reason=reason, domain=DOMAIN, metadata=attributes),
        RequestInfo(request_id=request_id),
    ]
    if "field" in attributes:
        violation = BadRequest.FieldViolation(field=attributes["field"], description=message, reason=reason)
        details.append(BadRequest(field_violations=[violation]))
    if answer.retry:
        details.append(RetryInfo(retry_delay=Duration(seconds=_RETRY_S)))
    return Status(code=answer.code.value[0], message=message, details=[_packed(detail) for detail in details])


def _told(error: Exception, answer: Answer) -> tuple[str, str, dict[str, str]]:
    """Return the reason, message and attributes of ``error`` that the client may know."""
    if answer is _UNKNOWN or not isinstance(error, (DomainError, ApplicationError)):
        return "INTERNAL", _UNKNOWN.text, {}
    if answer.text:
        return error.reason, answer.text, {}
    attributes = {key: _clipped(text) for key, text in error.attributes.items()}
    return error.reason, _clipped(error.message), attributes


def _clipped(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 1]}…"


def _packed(detail: Message) -> Packed:
    packed = Packed()
    packed.Pack(detail)
    return packed
