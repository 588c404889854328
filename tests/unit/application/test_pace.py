"""A job beside the live platform: how much of its time it works."""

import pytest

from application.pace import Pace


class Day:
    """A clock that sleeping moves."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.slept_s = 0.0

    def now(self) -> float:
        return self.now_s

    async def sleep(self, seconds: float) -> None:
        self.now_s += seconds
        self.slept_s += seconds

    def work(self, seconds: float) -> None:
        self.now_s += seconds


@pytest.mark.parametrize("share", [0.1, 0.25, 0.5])
async def test_rests_make_work_the_share_that_was_asked_for(share: float) -> None:
    day = Day()
    pace = Pace(share, day.now, day.sleep)
    for _ in range(1_000):
        day.work(0.03)
        await pace.rest()
    assert 30 / day.now_s == pytest.approx(share)


async def test_the_slower_the_servers_the_longer_the_rests() -> None:
    day = Day()
    pace = Pace(0.25, day.now, day.sleep)
    day.work(0.1)
    await pace.rest()
    quick, day.slept_s = day.slept_s, 0.0
    day.work(1.0)
    await pace.rest()
    assert day.slept_s == pytest.approx(10 * quick)


async def test_many_small_steps_are_one_slice() -> None:
    day = Day()
    pace = Pace(0.5, day.now, day.sleep)
    for _ in range(10):
        day.work(0.001)
        await pace.rest()
    assert day.slept_s == 0
    day.work(0.015)
    await pace.rest()
    assert day.slept_s == pytest.approx(0.025)


async def test_all_of_its_time_is_no_rest_at_all() -> None:
    day = Day()
    pace = Pace(1.0, day.now, day.sleep)
    day.work(5.0)
    await pace.rest()
    assert day.slept_s == 0
