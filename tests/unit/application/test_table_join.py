"""Why memory lies beside its processing: a table read through the broker is behind whenever messages come fast."""

from random import Random

import pytest

from domain.device import DeviceMemory
from domain.radio import Uplink
from tests.support.builders import an_uplink
from tests.support.table_join import counted_by_table
from tests.unit.application.stepping import stepped

_DEVICES = tuple(f"70b3d57ed00000{number:02x}" for number in range(5))


def frames(count: int = 500, seed: int = 1) -> tuple[list[Uplink], dict[str, int]]:
    """Return frames of some devices in their order, a tenth of them lost, and how many each device lost."""
    random = Random(seed)
    counters, lost = dict.fromkeys(_DEVICES, -1), dict.fromkeys(_DEVICES, 0)
    uplinks: list[Uplink] = []
    for number in range(count):
        device = random.choice(_DEVICES)
        gap = random.randint(1, 4) if random.random() < 0.1 else 0
        lost[device] += gap if counters[device] >= 0 else 0
        counters[device] += 1 + (gap if counters[device] >= 0 else 0)
        uplinks.append(an_uplink(counters[device], dev_eui=device, seconds=60.0 * number))
    return uplinks, lost


def counted_by_step(uplinks: list[Uplink], size: int) -> dict[str, int]:
    """Return what processing counts as lost, in batches of ``size``."""
    memory: dict[str, DeviceMemory] = {}
    for first in range(0, len(uplinks), size):
        memory |= stepped(uplinks[first : first + size], memory, first=first).memory
    return {device: sum(each.missing for each in known.accounts.values()) for device, known in memory.items()}


def test_a_table_is_right_while_each_row_is_back_before_the_next_message() -> None:
    uplinks, lost = frames()
    assert {device: row.dropped for device, row in counted_by_table(uplinks, in_flight=1).items()} == lost


@pytest.mark.parametrize("in_flight", [2, 10, 100, 500])
def test_a_table_miscounts_as_soon_as_messages_come_faster_than_its_rows_return(in_flight: int) -> None:
    """Two frames of a device join the same row: what was counted between is written over."""
    uplinks, lost = frames()
    assert {device: row.dropped for device, row in counted_by_table(uplinks, in_flight).items()} != lost


@pytest.mark.parametrize("size", [1, 2, 10, 100, 500])
def test_processing_counts_the_same_however_fast_messages_come(size: int) -> None:
    uplinks, lost = frames()
    assert counted_by_step(uplinks, size) == lost
