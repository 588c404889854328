"""What an error of Kafka is to the application."""

import pytest
from aiokafka import errors as kafka

from adapters.kafka.errors import translated
from application.errors import ApplicationError, Fenced, Refused, Unavailable, WrongShape


@pytest.mark.parametrize(
    "error,kind",
    [
        (kafka.KafkaConnectionError(), Unavailable),
        (kafka.RequestTimedOutError(), Unavailable),
        (kafka.NotEnoughReplicasError(), Unavailable),
        (TimeoutError(), Unavailable),
        (ConnectionRefusedError("no"), Unavailable),
        (kafka.TopicAuthorizationFailedError("uplinks"), Refused),
        (kafka.GroupAuthorizationFailedError("g"), Refused),
        (kafka.UnknownTopicOrPartitionError(), Unavailable),
        (kafka.MessageSizeTooLargeError(), WrongShape),
        (kafka.OffsetOutOfRangeError(), WrongShape),
    ],
)
def test_each_error_has_its_kind_and_says_what_was_done_and_where(
    error: Exception, kind: type[ApplicationError]
) -> None:
    with pytest.raises(kind, match="writing to 'uplinks'") as raised, translated("writing to 'uplinks'", "k:9092"):
        raise error
    assert raised.value.attributes == {"kafka": "k:9092", "cause": type(error).__name__}
    assert raised.value.__cause__ is error


def test_the_applications_own_errors_pass() -> None:
    with pytest.raises(Fenced), translated("committing", "k:9092"):
        raise Fenced("taken away")
