"""Following the registry: a look that fails is repeated, though not for ever."""

from collections.abc import Sequence

import pytest

from application.errors import Unavailable
from application.ports.master_data import MasterRecord
from application.ports.registry_changes import Removal
from application.processing.known_devices import KnownDevices
from application.registry import RegistryFollower
from tests.support.eventually import soon


class Changes:
    """Cannot be read so many times; then it stops who asks."""

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.asked = 0
        self.follower: RegistryFollower | None = None

    async def news(self) -> Sequence[MasterRecord | Removal]:
        self.asked += 1
        if self.asked <= self.failures:
            raise Unavailable("Kafka did not answer in time")
        assert self.follower is not None
        self.follower.stop()
        return []


async def follow(changes: Changes, blind_s: float) -> None:
    """Follow ``changes`` until told to stop."""
    changes.follower = RegistryFollower(changes, KnownDevices(()), look_s=0.0, blind_s=blind_s)
    await soon(changes.follower.run())


async def test_changes_that_cannot_be_read_are_asked_for_again() -> None:
    changes = Changes(failures=3)
    await follow(changes, blind_s=60.0)
    assert changes.asked == 4


async def test_changes_that_cannot_be_read_for_long_are_unavailable() -> None:
    with pytest.raises(Unavailable, match="in time"):
        await follow(Changes(failures=3), blind_s=-1.0)
