"""What processing has begun with."""

from adapters.memory.uplink_log import MemoryUplinkLog
from bench.counted_log import CountedLog
from tests.support.builders import a_raw_uplink


async def test_what_is_given_to_read_is_counted_before_it_is_acknowledged() -> None:
    log = CountedLog(MemoryUplinkLog())
    await log.append([a_raw_uplink(b"1"), a_raw_uplink(b"2")])
    assert log.given == 0
    async for logged in log.read(0, 0):
        assert len(logged.offsets) == 2
        break
    assert log.given == 2
