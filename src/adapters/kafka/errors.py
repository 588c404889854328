"""From Kafka's errors to the application's: one table for the whole package.

Retriable errors are retried inside aiokafka; what comes out of it was not mended within the time given.
"""

import os
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from aiokafka import errors as kafka

from adapters.kafka.last_words import LAST_WORDS
from application.errors import ApplicationError, Refused, Unavailable, WrongShape

_REFUSED: Sequence[tuple[tuple[type[kafka.KafkaError], ...], str]] = (
    (
        (
            kafka.TopicAuthorizationFailedError,
            kafka.GroupAuthorizationFailedError,
            kafka.ClusterAuthorizationFailedError,
        ),
        "give this user the right to",
    ),
    (
        (kafka.AuthenticationFailedError, kafka.SaslAuthenticationFailed),
        "correct kafka.username or the password in kafka.password_file",
    ),
    (
        (kafka.AuthenticationMethodNotSupported, kafka.UnsupportedSaslMechanismError, kafka.IllegalSaslStateError),
        "correct kafka.security_protocol, or let its listener take SCRAM-SHA-512",
    ),
    (
        (kafka.InvalidReplicationFactorError, kafka.InvalidPartitionsError, kafka.InvalidTopicError),
        "correct the settings",
    ),
)
"""What it will not do for us, and what helps."""
_TOO_LARGE = (kafka.MessageSizeTooLargeError, kafka.RecordListTooLargeError)
_GONE = (kafka.OffsetOutOfRangeError, kafka.NoOffsetForPartitionError)


@contextmanager
def translated(doing: str, where: str) -> Iterator[None]:
    """Let only the application's errors out of the ``with``.

    Args:
        doing: what was being done, for the message: ``writing to 'uplinks'``.
        where: the bootstrap servers.

    Raises:
        Unavailable: Kafka does not answer, or not in time.
        Refused: it will not have us.
        WrongShape: topics are not as this version needs them.
    """
    try:
        yield
    except (kafka.KafkaError, TimeoutError, OSError) as error:
        raise application_error(error, doing, where) from error


def application_error(error: BaseException, doing: str, where: str) -> ApplicationError:
    """Return what ``error`` of aiokafka or the network is to the application."""
    attributes = {"kafka": where, "cause": type(error).__name__}
    if isinstance(error, kafka.KafkaConnectionError) and LAST_WORDS.error is not None:
        return _of_connecting(LAST_WORDS.error, doing, where, attributes)
    return _known(error, doing, where, attributes) or _else(error, doing, where, attributes)


def _known(error: BaseException, doing: str, where: str, attributes: Mapping[str, str]) -> ApplicationError | None:
    """Return what ``error`` is to the application if a restart alone does not help."""
    what = _text(error)
    for those, remedy in _REFUSED:
        if isinstance(error, those):
            return Refused(f"Kafka at {where} refuses {doing}: {what}; {remedy}", **attributes)
    if isinstance(error, _TOO_LARGE):
        return WrongShape(
            f"{doing}: the topic takes smaller records than its settings say: raise its max.message.bytes", **attributes
        )
    if isinstance(error, _GONE):
        return WrongShape(f"{doing}: the log no longer holds this position ({what})", **attributes)
    return None


def _else(error: BaseException, doing: str, where: str, attributes: Mapping[str, str]) -> Unavailable:
    """Return that Kafka does not do it now."""
    if isinstance(error, kafka.UnknownTopicOrPartitionError):
        # aiokafka says so too of a topic it did not hear of yet when the last broker went away. Whoever starts again
        # checks the topics, and then it is clear which of the two it is.
        return Unavailable(f"{doing}: Kafka at {where} is away, or a topic is missing there", **attributes)
    if isinstance(error, TimeoutError):
        return Unavailable(f"{doing}: Kafka at {where} did not answer in time", **attributes)
    return Unavailable(f"{doing}: Kafka at {where} does not do it: {_text(error)}", **attributes)


def _of_connecting(error: Exception, doing: str, where: str, attributes: Mapping[str, str]) -> ApplicationError:
    """Return what it means that no connection came about because of ``error``."""
    if isinstance(error, ssl.SSLCertVerificationError):
        why = f"its certificate cannot be trusted: {error.verify_message}"
        return Refused(f"{doing}: Kafka at {where}: {why}; correct kafka.ca_file or kafka.bootstrap", **attributes)
    if (known := _known(error, doing, where, attributes)) is not None:
        return known
    remedy = "start it, or correct kafka.bootstrap and kafka.security_protocol"
    return Unavailable(f"{doing}: no Kafka answers at {where} ({_text(error)}): {remedy}", **attributes)


def _text(error: BaseException) -> str:
    """Return ``error`` in words: its own, behind its name where they are not the system's."""
    if isinstance(error, OSError) and error.errno and not isinstance(error, ssl.SSLError):
        return os.strerror(error.errno) if error.errno > 0 else str(error.strerror)
    name = type(error).__name__
    text = str(error).removeprefix(f"{name}: ")
    return f"{name}: {text}" if text else name
