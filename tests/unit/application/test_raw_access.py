"""Looking at a message as it came, by right only."""

import pytest
from msgspec.structs import replace

from adapters.memory.uplink_log import MemoryUplinkLog
from application.errors import NotFound, Refused
from application.raw_access import RawAccess
from tests.support.builders import a_dead_letter, a_raw_uplink

_FIRST, _SECOND = a_raw_uplink(b"first", 1_000), a_raw_uplink(b"second", 1_000)


async def _log() -> MemoryUplinkLog:
    log = MemoryUplinkLog()
    await log.append([_FIRST, _SECOND])
    return log


async def test_who_has_the_right_sees_the_message_at_the_letters_origin() -> None:
    letter = replace(a_dead_letter(received_us=1_000), origin="uplinks/0@1")
    assert await RawAccess(await _log(), granted=True).message_of(letter) == _SECOND


async def test_who_has_it_not_is_told_which_setting_gives_it() -> None:
    with pytest.raises(Refused) as caught:
        await RawAccess(await _log(), granted=False).message_of(a_dead_letter(received_us=1_000))
    assert caught.value.attributes == {"setting": "rights.raw_messages"}


@pytest.mark.parametrize("origin", ["uplinks/0@2", "uplinks/1@0", "observations/0@0", ""])
async def test_what_the_log_does_not_keep_is_not_found(origin: str) -> None:
    letter = replace(a_dead_letter(received_us=1_000), origin=origin)
    with pytest.raises(NotFound):
        await RawAccess(await _log(), granted=True).message_of(letter)
