"""Outages of sources that the settings do not have (any more), before frames are booked to them."""

import pytest

from adapters.memory.device_memories import MemoryDeviceMemories
from application.errors import Refused
from stadtfunk.roles.gone_sources import check_outages
from stadtfunk.settings import LossSettings, MqttSourceSettings, OutageSettings, Settings
from tests.contract.device_memories import a_memory


def settings(*outages: str) -> Settings:
    """Return settings with the source ``ulm`` and an outage of each of ``outages``."""
    times = "2026-01-01T12:00:00Z", "2026-01-01T13:00:00Z"
    losses = LossSettings(outages=tuple(OutageSettings(source, *times) for source in outages))
    return Settings(sources=(MqttSourceSettings(name="ulm", host="broker", topics=["up"]),), losses=losses)


class UnreadableMemories(MemoryDeviceMemories):
    """Must not be asked."""

    def __init__(self) -> None:
        super().__init__({})

    async def heard_of(self, sources: object) -> frozenset[str]:
        raise AssertionError(sources)


MEMORIES = MemoryDeviceMemories({each.device.dev_eui: each for each in (a_memory("swu", "ulm"), a_memory())})


async def test_an_outage_of_a_source_that_was_taken_away_is_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    await check_outages(settings("ulm", "swu"), MEMORIES)
    (warning,) = caplog.messages
    assert warning.startswith("losses.outages[1].source = 'swu': no source has that name any more")


async def test_an_outage_of_a_source_that_nobody_ever_heard_is_refused_with_the_names_that_there_are() -> None:
    with pytest.raises(Refused) as refused:
        await check_outages(settings("suw", "swu"), MEMORIES)
    expected = "losses.outages[0].source = 'suw': no source has that name, and none ever had: one of swu, ulm expected"
    assert refused.value.message == expected


async def test_outages_of_sources_that_there_are_cost_no_look(caplog: pytest.LogCaptureFixture) -> None:
    await check_outages(settings("ulm"), UnreadableMemories())
    assert caplog.messages == []
