"""Records that somebody else wrote: those who read our topics pass them by, however they are made."""

from collections.abc import Sequence

import pytest
from aiokafka.structs import TopicPartition
from msgspec import Struct

from adapters.kafka import derived_feed, master_data
from adapters.kafka.log_record import Headers, LogRecord
from application.ports.dead_letters import DeadLetter
from domain.device import Device

DEEP = b'{"x":' + b"[" * 100_000
"""More than a reader of JSON may follow; within the megabyte that a record may have."""


class Written(Struct):
    """A record as it was read."""

    value: bytes | None
    key: bytes | None = b"k"
    offset: int = 0
    timestamp: int = 2**62
    headers: Headers = ()


@pytest.mark.parametrize("value", [None, b"", b"\xff", b"[]", DEEP])
def test_what_is_no_master_data_is_nobodys(value: bytes | None) -> None:
    assert master_data.version_of(value) is None


def test_a_result_nested_too_deeply_becomes_a_dead_letter_of_a_time_that_can_be_told() -> None:
    devices: list[Device] = []
    unreadable: list[DeadLetter] = []
    records: Sequence[LogRecord] = [Written(DEEP)]
    derived_feed._decode(derived_feed._DEVICES, TopicPartition("devices", 0), records, devices, unreadable)
    assert devices == []
    [letter] = unreadable
    assert (letter.reason, letter.received_us) == ("record_unreadable", 253_402_300_799_999_000)
