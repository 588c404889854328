"""What every store of device memories promises whoever looks into it."""

from collections.abc import Awaitable, Callable, Sequence

import pytest

from application.errors import NotFound
from application.ports.device_memories import DeviceMemories
from domain.device import Device, DeviceMemory
from domain.radio import FrameAccount
from tests.contract.devices import a_fresh_device

Remembering = Callable[[Sequence[DeviceMemory]], Awaitable[DeviceMemories]]


def a_memory(*sources: str, offset: int = 4) -> DeviceMemory:
    """Return the memory of a device that was heard at ``sources``."""
    return DeviceMemory(offset, Device(a_fresh_device(), 1), {source: FrameAccount() for source in sources})


class DeviceMemoriesContract:
    """Subclass with a fixture ``remembering``, which stores memories and gives what looks at them; all of its own."""

    async def test_a_memory_comes_back(self, remembering: Remembering) -> None:
        memory = a_memory("swu")
        memories = await remembering([memory, a_memory()])
        assert await memories.get(memory.device.dev_eui) == memory

    async def test_of_an_unknown_device_nothing_is_remembered(self, remembering: Remembering) -> None:
        memories = await remembering([a_memory()])
        with pytest.raises(NotFound):
            await memories.get(a_fresh_device())

    async def test_several_are_found_at_once_and_strangers_left_out(self, remembering: Remembering) -> None:
        known = [a_memory("swu"), a_memory("ulm")]
        memories = await remembering([*known, a_memory()])
        asked = [*(each.device.dev_eui for each in known), a_fresh_device()]
        assert await memories.some(asked) == {each.device.dev_eui: each for each in known}
        assert await memories.some([]) == {}

    async def test_sources_that_any_device_was_heard_at_are_known(self, remembering: Remembering) -> None:
        memories = await remembering([a_memory("swu"), a_memory(), a_memory("swu", "wörk")])
        assert await memories.heard_of(["wörk", "suw", "swu"]) == {"swu", "wörk"}
        assert await memories.heard_of(["suw", "sw"]) == frozenset()
        assert await memories.heard_of([]) == frozenset()

    async def test_where_nothing_is_remembered_no_source_is_known(self, remembering: Remembering) -> None:
        assert await (await remembering([])).heard_of(["swu"]) == frozenset()
