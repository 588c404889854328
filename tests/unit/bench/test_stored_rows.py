"""How old readings are, in halves and hundredths."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from bench.stored_rows import Delays, TimedObservationStore, quantile, saved
from domain.identifiers import dev_eui
from domain.observation import Observation, state


class Written:
    """An observation store that forgets."""

    async def write(self, observations: Sequence[Observation]) -> None:
        """Forget them."""


def test_times_are_kept_in_milliseconds_and_read_back_in_order(tmp_path: Path) -> None:
    delays = Delays()
    delays.add(1_000, 9_000)
    delays.add(1_000, 3_500)
    delays.save(tmp_path / "times")

    assert saved(tmp_path / "times").times() == [2.5, 8.0]


def test_what_came_before_all_was_warm_can_be_left_out() -> None:
    delays = Delays()
    delays.add(1_000, 9_000)
    delays.add(2_000, 2_500)

    assert delays.times(since_us=2_000) == [0.5]


@pytest.mark.parametrize("share, expected", [(0.0, 1.0), (0.5, 51.0), (0.99, 100.0), (1.0, 100.0)])
def test_a_share_of_the_times_does_not_exceed_its_quantile(share: float, expected: float) -> None:
    assert quantile([float(number) for number in range(1, 101)], share) == expected


def test_of_no_times_the_quantile_is_nothing() -> None:
    assert quantile([], 0.99) == 0.0


async def test_a_timed_store_notes_one_time_for_each_row_it_wrote(tmp_path: Path) -> None:
    store = TimedObservationStore(Written(), str(tmp_path / "rows"))
    row = Observation(dev_eui("0201b58a00000000"), 1, 0, (state("parking.occupied", "", True),))

    await store.write([row, row])
    store.save()

    assert len(saved(tmp_path / "rows").times()) == 2
