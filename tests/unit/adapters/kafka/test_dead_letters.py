"""What the desk on Kafka does without asking the broker."""

import json
from collections.abc import Iterable
from typing import cast

import msgspec
import pytest

from adapters.kafka import dead_letters
from adapters.kafka.connection import KafkaConnection
from adapters.kafka.dead_letters import KafkaDeadLetters
from adapters.kafka.producer import BatchProducer, Lot
from adapters.kafka.topics import Topics
from tests.contract.dead_letters import settled
from tests.support.builders import a_dead_letter


def _letter_at(received_us: int) -> bytes:
    """Return a record of a letter received then."""
    return json.dumps({**msgspec.to_builtins(a_dead_letter()), "received_us": received_us}).encode()


class _Sent:
    """Keeps what is sent."""

    def __init__(self) -> None:
        self.records = 0

    async def send(self, lots: Iterable[Lot]) -> None:
        self.records += sum(len(lot.records) for lot in lots)


@pytest.mark.parametrize(
    "written",
    [
        b"",
        b"no letter",
        b"{}",
        b"[" * 200_000,
        b'{"x":' + b"[" * 200_000,
        _letter_at(-1),
        _letter_at(2**63),
        _letter_at(2**70),
    ],
)
def test_what_somebody_else_wrote_is_no_letter(written: bytes) -> None:
    assert dead_letters._letter(written) is None
    assert dead_letters._letter(_letter_at(10**15)) is not None


async def test_settling_writes_and_reads_nothing() -> None:
    """A desk that read its topic for each part of a hundred thousand letters would read it two hundred times."""
    sent = _Sent()
    nowhere = KafkaConnection(bootstrap="127.0.0.1:1")
    letters = KafkaDeadLetters(nowhere, Topics(), cast("BatchProducer", sent))
    await letters.settle([settled("a"), settled("b")])
    assert sent.records == 2
