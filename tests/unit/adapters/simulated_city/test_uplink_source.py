"""The city as a source: it hands over what is due, and ends when all is said."""

import asyncio
from pathlib import Path

from adapters.simulated_city import SimulatedCitySettings, SimulatedCityUplinkSource, TruthInMemory
from application.ports.uplink_log import RawUplink
from tests.support.clock import FakeClock
from tests.support.eventually import soon
from tests.unit.adapters.simulated_city.cities import calm, settings, whole_run


async def taken(source: SimulatedCityUplinkSource) -> list[RawUplink]:
    """Return all that ``source`` hands over."""
    uplinks: list[RawUplink] = []
    while (delivery := await source.receive()) is not None:
        uplinks += delivery.uplinks
        await source.acknowledge(delivery)
    return uplinks


async def test_a_bounded_city_ends_after_its_last_message() -> None:
    async with SimulatedCityUplinkSource(settings(), FakeClock()) as source:
        uplinks = await taken(source)
        assert await source.receive() is None
    assert [(uplink.topic, uplink.body) for uplink in uplinks] == whole_run(settings())[0]


async def test_messages_are_those_of_the_things_stack_under_the_sources_name() -> None:
    clock = FakeClock()
    async with SimulatedCityUplinkSource(calm(name="swu", uplinks=1), clock) as source:
        _, up = await taken(source)
    assert (up.source, up.network_server, up.received_us) == ("swu", "tts", clock.now_us())


async def test_a_paced_city_hands_over_what_is_due() -> None:
    clock = FakeClock()
    async with SimulatedCityUplinkSource(paced(uplinks=0), clock) as source:
        clock.advance(1.5)
        delivery = await source.receive()
    assert delivery is not None
    assert sum(uplink.topic.endswith("/up") for uplink in delivery.uplinks) == 151


async def test_a_paced_city_speaks_at_least_once_when_asked() -> None:
    async with SimulatedCityUplinkSource(paced(uplinks=3), FakeClock()) as source:
        assert sum(uplink.topic.endswith("/up") for uplink in await taken(source)) == 3


async def test_a_paced_city_goes_on_after_moments_in_which_all_was_lost() -> None:
    chosen = calm(devices=20, rate=2_000.0, uplinks=60, lost=0.5)
    async with SimulatedCityUplinkSource(chosen, FakeClock()) as source:
        uplinks = await taken(source)
    assert [(uplink.topic, uplink.body) for uplink in uplinks] == whole_run(chosen)[0]


async def test_a_paced_city_did_not_speak_while_the_machine_slept() -> None:
    clock = FakeClock()
    async with SimulatedCityUplinkSource(paced(uplinks=0), clock) as source:
        await source.receive()
        clock.advance(8 * 3_600)
        delivery = await source.receive()
    assert delivery is not None
    assert len(delivery.uplinks) < 10
    assert b"T08:00:0" in delivery.uplinks[-1].body


async def test_a_paced_city_goes_on_when_the_clock_is_set_back() -> None:
    clock = FakeClock()
    async with SimulatedCityUplinkSource(paced(uplinks=0), clock) as source:
        await source.receive()
        clock.advance(-3_600)
        assert await soon(source.receive(), 5.0) is not None


async def test_nothing_is_lost_when_the_wait_is_called_off() -> None:
    truth = TruthInMemory()
    async with SimulatedCityUplinkSource(calm(rate=1_000.0, uplinks=10), FakeClock(), truth) as source:
        waiting = asyncio.create_task(source.receive())
        await asyncio.sleep(0)
        waiting.cancel()
        uplinks = await taken(source)
    assert len(uplinks) == 10 + len(truth.devices)


async def test_the_truth_is_on_disk_when_the_source_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "truth.jsonl"
    async with SimulatedCityUplinkSource(settings(truth_file=str(path)), FakeClock()) as source:
        await taken(source)
    assert path.read_text().count('"kind":"device"') == 30


def paced(uplinks: int) -> SimulatedCitySettings:
    """Return settings of a calm city of 1,000 devices at 100 uplinks a second."""
    return calm(devices=1_000, rate=100.0, uplinks=uplinks)
