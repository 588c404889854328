"""Of several records of a device the one with the greatest position counts."""

from msgspec import Struct

from adapters.device_memory.record import encode
from adapters.kafka.changelog_reading import ChangelogReading
from adapters.kafka.log_record import Headers
from domain.device import Device, DeviceMemory
from domain.identifiers import DevEui
from tests.support.builders import DEV

OTHER = DevEui("00000000000000ff")


class Stored(Struct):
    """A record as it was read."""

    key: bytes | None
    value: bytes | None
    offset: int = 0
    timestamp: int = 0
    headers: Headers = ()


def at(offset: int, dev_eui: DevEui = DEV) -> Stored:
    """Return what was remembered of a device after the uplink at ``offset``."""
    return Stored(dev_eui.encode(), encode(DeviceMemory(offset, Device(dev_eui, offset))))


def read(*records: Stored) -> ChangelogReading:
    reading = ChangelogReading()
    for record in records:
        reading.take([record])
    return reading


def test_an_older_record_that_was_written_last_does_not_count_and_is_stale() -> None:
    reading = read(at(3), at(9), at(5))
    assert reading.newest == {DEV: at(9).value}
    assert reading.stale == {DEV}
    assert (reading.remembered, reading.records) == (9, 3)


def test_a_newer_record_behind_it_makes_it_good() -> None:
    assert read(at(9), at(5), at(11)).stale == set()


def test_the_same_record_twice_is_not_stale() -> None:
    """A producer that missed an acknowledgement writes a batch again."""
    assert read(at(9), at(9)).stale == set()


def test_devices_are_told_apart() -> None:
    reading = read(at(9), at(4, OTHER), at(5), at(6, OTHER))
    assert reading.newest == {DEV: at(9).value, OTHER: at(6, OTHER).value}
    assert reading.stale == {DEV}


def test_an_erased_device_is_forgotten_and_not_written_again() -> None:
    reading = read(at(9), at(5), Stored(DEV.encode(), None))
    assert (reading.newest, reading.stale) == ({}, set())


def test_an_empty_partition_remembers_nothing() -> None:
    assert read().remembered is None
