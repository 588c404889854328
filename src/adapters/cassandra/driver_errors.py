"""The driver's errors in the application's words."""

from collections.abc import Iterator
from contextlib import contextmanager

from cassandra import (
    AuthenticationFailed,
    CoordinationFailure,
    OperationTimedOut,
    RequestValidationException,
    Timeout,
    Unauthorized,
    UnresolvableContactPoints,
    UnsupportedOperation,
)
from cassandra import Unavailable as TooFewReplicas
from cassandra.cluster import NoHostAvailable
from cassandra.connection import ConnectionException, ProtocolVersionUnsupported
from cassandra.protocol import ErrorMessage, IsBootstrappingErrorMessage, OverloadedErrorMessage, ServerError
from cassandra.protocol import RequestValidationException as RefusedStatement

from adapters.cassandra.settings import ClusterSettings
from application.errors import ApplicationError, Refused, Unavailable, WrongShape

TRANSIENT = (
    OperationTimedOut,
    Timeout,
    TooFewReplicas,
    CoordinationFailure,
    NoHostAvailable,
    ConnectionException,
    OverloadedErrorMessage,
    IsBootstrappingErrorMessage,
    ServerError,
)
"""What may go away by itself. The write may have happened: only statements that may be repeated are sent."""

REMEDY = "run `stadtfunk migrate`"


@contextmanager
def in_our_words(settings: ClusterSettings, but: tuple[type[Exception], ...] = ()) -> Iterator[None]:
    """Raise the driver's errors as the application's; those of ``but``, and all that are not the database's, as is."""
    try:
        yield
    except Exception as error:
        known = None if isinstance(error, but) else translated(error, settings)
        if known is None:
            raise
        raise known from error


def translated(error: Exception, settings: ClusterSettings) -> ApplicationError | None:
    """Return what ``error`` means to the application; None: it is no affair of the database."""
    inner = _first_of_hosts(error)
    if isinstance(inner, AuthenticationFailed | Unauthorized):
        message = f"Cassandra at {settings.where} refuses user {settings.username!r}: {_text(inner)}"
        return Refused(message, setting="cassandra.username")
    if "[SSL" in str(inner):
        message = f"no TLS with Cassandra at {settings.where}: {_text(inner)}"
        return Refused(message, setting="cassandra.ca_file")
    if isinstance(inner, ProtocolVersionUnsupported | UnsupportedOperation):
        return WrongShape(f"Cassandra at {settings.where} is older than 4.0: {_text(inner)}", where=settings.where)
    if isinstance(error, RequestValidationException | RefusedStatement):
        message = f"keyspace {settings.keyspace} at {settings.where} is not what this version needs: {_text(error)}"
        return WrongShape(f"{message}; {REMEDY}", keyspace=settings.keyspace)
    if isinstance(error, TRANSIENT):
        return unavailable(error, settings)
    return None


def unavailable(error: Exception, settings: ClusterSettings) -> Unavailable:
    """Return that Cassandra does not do its work: where, what it says, and what to look at."""
    message = f"Cassandra does not answer at {settings.where} (data centre {settings.local_dc}): {_text(error)}"
    remedy = "see that its nodes are up, and cassandra.contact_points"
    return Unavailable(f"{message}; {remedy}", where=settings.where, cause=type(error).__name__)


def _first_of_hosts(error: Exception) -> Exception:
    """Return what the first host by name said, where the driver only says that none would do.

    The driver asks hosts in an order of chance; the same trouble should be told in the same words each time.
    """
    errors = error.errors if isinstance(error, NoHostAvailable) else None
    if isinstance(errors, dict):
        by_name = sorted(errors.items(), key=lambda host_and_error: str(host_and_error[0]))
        return next((each for _, each in by_name if isinstance(each, Exception)), error)
    return error


def _text(error: Exception) -> str:
    """Return an error in one line, without the driver's own class names."""
    inner = _first_of_hosts(error)
    if isinstance(inner, OperationTimedOut):
        return "no answer in time"
    if isinstance(inner, UnresolvableContactPoints):
        return "the names of the contact points are unknown to the name service"
    if isinstance(inner, NoHostAvailable):
        return str(inner.args[0])
    text = str(inner.message) if isinstance(inner, ErrorMessage) else str(inner)
    return " ".join(text.split()) or type(inner).__name__
