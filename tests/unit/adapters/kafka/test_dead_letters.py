"""What the desk on Kafka does without asking the broker."""

from collections.abc import Iterable
from typing import cast

from adapters.kafka.connection import KafkaConnection
from adapters.kafka.dead_letters import KafkaDeadLetters
from adapters.kafka.producer import BatchProducer, Lot
from adapters.kafka.topics import Topics
from tests.contract.dead_letters import settled


class _Sent:
    """Keeps what is sent."""

    def __init__(self) -> None:
        self.records = 0

    async def send(self, lots: Iterable[Lot]) -> None:
        self.records += sum(len(lot.records) for lot in lots)


async def test_settling_writes_and_reads_nothing() -> None:
    """A desk that read its topic for each part of a hundred thousand letters would read it two hundred times."""
    sent = _Sent()
    nowhere = KafkaConnection(bootstrap="127.0.0.1:1")
    letters = KafkaDeadLetters(nowhere, Topics(), cast("BatchProducer", sent))
    await letters.settle([settled("a"), settled("b")])
    assert sent.records == 2
