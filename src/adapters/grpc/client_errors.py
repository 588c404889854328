"""What a client makes of the status a call ended with: one clear line of the application's own errors."""

from collections.abc import Callable

from google.protobuf.message import DecodeError
from google.rpc.error_details_pb2 import ErrorInfo  # type: ignore[import-untyped]  # its stubs come without py.typed
from google.rpc.status_pb2 import Status  # type: ignore[import-untyped]  # likewise
from grpc import StatusCode
from grpc.aio import AioRpcError

from application.errors import ApplicationError, NotFound, Refused, Unavailable

_DISTRUST = ("CERTIFICATE_VERIFY_FAILED", "Hostname Verification", "not in peer certificate")
_HUNG_UP = ("Socket closed", "reset by peer", "handshake", "Handshake")
"""Words by which gRPC tells, in the text of one and the same code, why there is no connection."""
_DETAILS_KEY = "grpc-status-details-bin"
"""Our servers explain every error; without an explanation the error is gRPC's own."""

_STREAM_LIMIT = "STREAM_LIMIT"


class StreamEnded(Unavailable):
    """A stream has run as long, or sent as much, as one may: it is taken up again."""


_KINDS: dict[StatusCode, Callable[[str], ApplicationError]] = {
    StatusCode.INVALID_ARGUMENT: Refused,
    StatusCode.FAILED_PRECONDITION: Refused,
    StatusCode.UNAUTHENTICATED: Refused,
    StatusCode.PERMISSION_DENIED: Refused,
    StatusCode.UNIMPLEMENTED: Refused,
    StatusCode.NOT_FOUND: NotFound,
}


def as_application_error(error: AioRpcError, address: str) -> ApplicationError:
    """Return what ``error`` of a call to ``address`` means to the caller."""
    code = error.code()
    explained = _DETAILS_KEY in dict(error.trailing_metadata() or ())
    if code is StatusCode.UNAVAILABLE and not explained:
        return _of_connecting(error.details() or "", address)
    if code is StatusCode.DEADLINE_EXCEEDED and not explained:
        return Unavailable(f"the stadtfunk at {address} did not answer in time")
    text = error.details() or code.name
    if explained and _reason(error) == _STREAM_LIMIT:
        return StreamEnded(text)
    if code is StatusCode.UNIMPLEMENTED:
        text = f"what answers at {address} is no stadtfunk of this version: {text}"
    return _KINDS.get(code, Unavailable)(text)


def _reason(error: AioRpcError) -> str:
    """Return the stable reason of an explained error; empty: none is told."""
    explanation = dict(error.trailing_metadata() or ()).get(_DETAILS_KEY, b"")
    try:
        status = Status.FromString(explanation)
    except (DecodeError, TypeError):  # somebody else's
        return ""
    for detail in status.details:
        info = ErrorInfo()
        if detail.Unpack(info):
            return str(info.reason)
    return ""


def _of_connecting(details: str, address: str) -> ApplicationError:
    """Return what it means that there is no connection, for which gRPC has given ``details``."""
    if any(word in details for word in _DISTRUST):
        return Refused(f"the certificate of {address} is not of the authority given, or not for that name")
    if any(word in details for word in _HUNG_UP):
        return Unavailable(
            f"what answers at {address} hung up: give the authority of its certificate only if it speaks TLS"
        )
    return Unavailable(f"no stadtfunk answers at {address}: start one with 'stadtfunk run', or name another address")
