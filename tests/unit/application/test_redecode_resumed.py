"""A re-decode that was killed goes on where it was."""

from collections.abc import Sequence

import pytest

from adapters.memory.observation_store import MemoryObservationStore
from application.errors import Unavailable
from application.ports.uplink_log import RawUplink
from application.redecode import Reached, Redecoding
from domain.observation import Observation
from tests.support.builders import DEV
from tests.unit.application.redecoding import (
    JOB,
    NOON_US,
    City,
    Spelled,
    a_raw,
    a_step,
    times_what_was_told,
    twice_the_byte,
)


@pytest.fixture
def city() -> City:
    return City()


class StoreKilledAfter(MemoryObservationStore):
    """Lets some writes through, and then no more."""

    def __init__(self, store: MemoryObservationStore, writes: int) -> None:
        super().__init__()
        self._store = store
        self._left = writes

    async def write(self, observations: Sequence[Observation]) -> None:
        if not self._left:
            raise Unavailable("killed")
        self._left -= 1
        await self._store.write(observations)


def beyond_one_part(devices: Sequence[str] = (DEV,)) -> list[RawUplink]:
    """Return uplinks for three parts of a job."""
    return [a_raw(n, n % 200, device=device, seconds=n) for n in range(6_500) for device in devices]


async def test_a_job_that_was_killed_goes_on_where_it_was(city: City) -> None:
    await city.processed(*beyond_one_part())
    reached: list[Reached] = []
    killed = Redecoding(
        city.log, Spelled(), a_step(twice_the_byte), city.query, StoreKilledAfter(city.store, 1), city.history
    )
    with pytest.raises(Unavailable):
        await killed.run(JOB, dry_run=False, reached=reached.append)
    (first,) = reached
    redecoding = Redecoding(city.log, Spelled(), a_step(twice_the_byte), city.query, city.store, city.history)
    done = await redecoding.run(JOB, dry_run=False, resumed=first)
    values = await city.values()
    assert values == {(n, ""): 2 * (n % 200) for n in range(6_500)}
    assert 0 < done.same + done.changed < 6_500, "what was done is not looked at again"


async def test_what_a_device_told_before_the_job_was_killed_is_not_forgotten(city: City) -> None:
    await city.processed(a_raw(0, 3, seconds=0), *[a_raw(n, 1, seconds=n) for n in range(1, 4)])
    resumed = Reached(NOON_US, JOB.started_us + 1, {0: 2})
    redecoding = Redecoding(city.log, Spelled(), a_step(times_what_was_told), city.query, city.store, city.history)
    await redecoding.run(JOB, dry_run=False, resumed=resumed)
    assert await city.values() == {(0, ""): 3, (1, ""): 1, (2, ""): 3, (3, ""): 3}
