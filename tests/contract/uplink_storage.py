"""What every network server's store of messages promises."""

from collections.abc import Sequence
from typing import Protocol

from application.ports.uplink_log import STORAGE, RawUplink
from application.ports.uplink_storage import Asked, UplinkStorage

NOON_US = 1_780_315_200_000_000
"""2026-06-01 12:00 UTC."""
APPLICATION = "swu-parking"
_S = 1_000_000


class Scene(Protocol):
    """A store, and the network server that fills it."""

    storage: UplinkStorage

    def hear(self, device_id: str, f_cnt: int, at_us: int) -> None:
        """Let the network server hand out an uplink of ``APPLICATION`` at ``at_us``, and store it."""

    def f_cnt(self, uplink: RawUplink) -> int:
        """Return the counter in a message."""


async def told(scene: Scene, asked: Asked) -> list[RawUplink]:
    """Return all that the store tells."""
    return [uplink async for page in scene.storage.stored(asked) for uplink in page]


def counters(scene: Scene, uplinks: Sequence[RawUplink]) -> list[int]:
    """Return the counters of ``uplinks``, each once."""
    return sorted({scene.f_cnt(uplink) for uplink in uplinks})


class UplinkStorageContract:
    """Subclass with a fixture ``scene``, whose source is called ``swu``."""

    async def test_an_empty_store_tells_nothing(self, scene: Scene) -> None:
        assert await told(scene, Asked(NOON_US, NOON_US + _S)) == []

    async def test_a_range_begins_with_its_first_instant_and_ends_before_its_last(self, scene: Scene) -> None:
        for number in range(6):
            scene.hear("spot-1", number, NOON_US + number * _S)
        asked = Asked(NOON_US + _S, NOON_US + 4 * _S)
        assert counters(scene, await told(scene, asked)) == [1, 2, 3]

    async def test_many_pages_bring_all_of_it(self, scene: Scene) -> None:
        for number in range(700):
            scene.hear(f"spot-{number % 7}", number, NOON_US + number * 1_000)
        found = await told(scene, Asked(NOON_US, NOON_US + _S))
        assert counters(scene, found) == list(range(700))

    async def test_one_device_is_told_alone(self, scene: Scene) -> None:
        for number in range(20):
            scene.hear(f"spot-{number % 2}", number, NOON_US + number * _S)
        asked = Asked(NOON_US, NOON_US + 60 * _S, APPLICATION, "spot-1")
        assert counters(scene, await told(scene, asked)) == list(range(1, 20, 2))

    async def test_another_application_is_not_asked(self, scene: Scene) -> None:
        scene.hear("spot-1", 1, NOON_US)
        assert await told(scene, Asked(NOON_US, NOON_US + _S, "another")) == []

    async def test_a_message_says_whence_it_is(self, scene: Scene) -> None:
        scene.hear("spot-1", 1, NOON_US)
        [uplink] = await told(scene, Asked(NOON_US, NOON_US + _S))
        assert (uplink.source, uplink.origin) == ("swu", STORAGE)
