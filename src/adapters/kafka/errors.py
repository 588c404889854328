"""From Kafka's errors to the application's: one table for the whole package.

Retriable errors are retried inside aiokafka; what comes out of it was not mended within the time given.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from aiokafka import errors as kafka

from application.errors import ApplicationError, Refused, Unavailable, WrongShape

_REFUSED = (
    kafka.TopicAuthorizationFailedError,
    kafka.GroupAuthorizationFailedError,
    kafka.ClusterAuthorizationFailedError,
    kafka.AuthenticationFailedError,
    kafka.AuthenticationMethodNotSupported,
    kafka.SaslAuthenticationFailed,
    kafka.UnsupportedSaslMechanismError,
)
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
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    attributes = {"kafka": where, "cause": type(error).__name__}
    if isinstance(error, _REFUSED):
        return Refused(f"Kafka at {where} refuses {doing}: {what}; give this user the right to", **attributes)
    if isinstance(error, kafka.UnknownTopicOrPartitionError):
        # aiokafka says so too of a topic it did not hear of yet when the last broker went away. Whoever starts again
        # checks the topics, and then it is clear which of the two it is.
        return Unavailable(f"{doing}: Kafka at {where} is away, or a topic is missing there", **attributes)
    if isinstance(error, _TOO_LARGE):
        return WrongShape(
            f"{doing}: the topic takes smaller records than its settings say: raise its max.message.bytes", **attributes
        )
    if isinstance(error, _GONE):
        return WrongShape(f"{doing}: the log no longer holds this position ({what})", **attributes)
    if isinstance(error, TimeoutError):
        return Unavailable(f"{doing}: Kafka at {where} did not answer in time", **attributes)
    return Unavailable(f"{doing}: Kafka at {where} does not do it: {what}", **attributes)
