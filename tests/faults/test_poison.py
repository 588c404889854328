"""Messages made to do harm, again and again among those of a city."""

from collections import Counter

import pytest

from adapters.mqtt.publisher import MqttPublisher
from adapters.mqtt.settings import PublisherSettings
from tests.faults.corpus import corpus
from tests.faults.experiment import Fault, Run, experiment
from tests.faults.results import Results
from tests.faults.target import Target
from tests.support.eventually import eventually

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1_200)]

_TIMES = 5
_FIRST_SPOT = 700_000
_LETTERS_S = 120.0
_MOST_MEMORY_KB = 600_000
"""Bounded, whatever comes: measured 330 MB after messages of 10 MB."""


async def test_poison_harms_no_neighbour(either: Target, results: Results) -> None:
    hostile = corpus(_FIRST_SPOT)
    fault = Fault("12", f"poison: {len(hostile)} kinds, {_TIMES} times each", ", ".join(either.processes))
    pids = [process.pid for process in either.processes.values()]
    async with experiment(either, results, fault) as run:
        expected = {_topic(place) for place, each in enumerate(hostile) if each.is_dead}
        run.apart = {_topic(place) for place in range(len(hostile))}
        before = await _letters(run)
        await _published(run, [(_topic(place), each.body) for place, each in enumerate(hostile)])

        async def letters() -> set[str]:
            return set(await _letters(run) - before)

        await eventually(letters, expected, _LETTERS_S)
    assert [process.pid for process in either.processes.values()] == pids
    assert max(_most_memory_kb(pid) for pid in pids) < _MOST_MEMORY_KB


def _topic(place: int) -> str:
    return f"v3/hostile@ulm/devices/hostile-{place}/up"


async def _published(run: Run, messages: list[tuple[str, bytes]]) -> None:
    broker = run.target.broker
    settings = PublisherSettings(host=broker.host, port=broker.port, tls=False, client_id="hostile")
    async with MqttPublisher(settings) as publisher:
        for _ in range(_TIMES):
            await publisher.publish(messages)


async def _letters(run: Run) -> Counter[str]:
    """Return how often each topic of ours stands among the dead letters."""
    return Counter(letter.topic for letter in await run.target.letters() if letter.topic in run.apart)


def _most_memory_kb(pid: int) -> int:
    """Return the most memory that a process ever had (proc(5), VmHWM)."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:  # noqa: PTH123  no path of ours
        [line] = [line for line in status if line.startswith("VmHWM")]
    return int(line.split()[1])
