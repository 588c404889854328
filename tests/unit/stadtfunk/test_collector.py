"""The garbage collector of a role that is ready to work."""

import gc
from collections.abc import Iterator

import pytest

from stadtfunk.collector import spare_what_stays


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    threshold = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*threshold)


def _seen_by_collector(thing: object) -> bool:
    return any(each is thing for each in gc.get_objects())


def test_what_is_there_is_not_looked_at_again() -> None:
    module = [["a list that stays"]]
    assert _seen_by_collector(module)
    spare_what_stays()
    assert not _seen_by_collector(module)


def test_garbage_of_the_start_is_not_kept() -> None:
    class Cyclic:
        """Refers to itself."""

        alive = 0

        def __init__(self) -> None:
            self.me = self
            Cyclic.alive += 1

        def __del__(self) -> None:
            Cyclic.alive -= 1

    Cyclic()
    spare_what_stays()
    assert Cyclic.alive == 0
    assert gc.isenabled()
