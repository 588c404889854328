"""Keys go to the partitions that Kafka's Java clients choose."""

import pytest
from aiokafka.partitioner import murmur2

from adapters.kafka.partitioner import Partitioner


# The vectors of Kafka's own test of murmur2 (clients, UtilsTest), which are signed 32-bit integers.
@pytest.mark.parametrize(
    "key,java",
    [
        (b"21", -973932308),
        (b"foobar", -790332482),
        (b"a-little-bit-long-string", -985981536),
        (b"a-little-bit-longer-string", -1486304829),
        (b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971),
        (b"abc", 479470107),
    ],
)
def test_murmur2_is_javas(key: bytes, java: int) -> None:
    assert murmur2(key) == java % 2**32


@pytest.mark.parametrize(
    "key,positive", [("foobar", -790332482 & 0x7FFFFFFF), ("abc", 479470107), ("21", -973932308 & 0x7FFFFFFF)]
)
def test_the_sign_is_masked_off_and_not_negated(key: str, positive: int) -> None:
    for partitions in (1, 4, 7, 8):
        assert Partitioner(partitions).of(key) == positive % partitions


def test_a_key_that_was_seen_before_stays_where_it_was() -> None:
    partitioner = Partitioner(8)
    assert [partitioner.of("003e94c6ad72f129") for _ in range(3)] == 3 * [partitioner.of("003e94c6ad72f129")]


def test_a_key_need_not_be_ascii() -> None:
    assert Partitioner(8).of("app/devices/ü/up") == (murmur2("app/devices/ü/up".encode()) & 0x7FFFFFFF) % 8


def test_devices_spread_evenly() -> None:
    partitioner = Partitioner(8)
    counts = [0] * 8
    for number in range(8_000):
        counts[partitioner.of(f"{0x70B3D57ED0000000 + number:016x}")] += 1
    assert min(counts) > 850
    assert max(counts) < 1_150
