"""The MQTT broker dies and comes back: with the session it kept, and without."""

import asyncio
import signal

import pytest

from tests.faults.city import DEVICES, RATE
from tests.faults.experiment import Fault, Run, experiment
from tests.faults.results import Results
from tests.faults.servers import Servers
from tests.faults.target import Target

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1_200)]

_BACKLOG_S = 3.0
"""While nobody reads: messages pile up in the session."""
_HEARD_AGAIN_S = 2 * DEVICES / RATE
"""Each device has spoken twice in that time."""
_SETTLES_S = 1.0
"""Until the broker has taken what the city had on its way."""


async def test_a_broker_is_killed_with_a_backlog_behind_ingest(
    distributed: Target, results: Results, servers: Servers
) -> None:
    fault = Fault("9", "Mosquitto is killed with a backlog it has saved, and restarts", "the broker of ingest")
    async with experiment(distributed, results, fault) as run:
        await killed_with_backlog(run, servers, "ingest")


async def test_a_broker_is_killed_with_a_backlog_behind_the_embedded_platform(
    embedded: Target, results: Results, servers: Servers
) -> None:
    fault = Fault("9", "Mosquitto is killed with a backlog it has saved, and restarts", "the broker of stadtfunk run")
    async with experiment(embedded, results, fault) as run:
        await killed_with_backlog(run, servers, "run")


async def test_what_a_broker_lost_with_its_session_is_told_as_missing(
    embedded: Target, results: Results, servers: Servers
) -> None:
    what = "Mosquitto is killed and forgets session and backlog: what came is right, the rest is missing"
    fault = Fault("9", what, "the broker of stadtfunk run", loses=True)
    async with experiment(embedded, results, fault) as run:
        process, broker = embedded["run"], embedded.broker
        await asyncio.sleep(_HEARD_AGAIN_S)  # else joins would be lost too, and nobody knew what came before
        process.send(signal.SIGSTOP)
        await asyncio.sleep(_BACKLOG_S)
        broker.kill()
        broker.forget()
        process.send(signal.SIGCONT)
        await servers.start(broker)
        await run.goes_on()
        await asyncio.sleep(_HEARD_AGAIN_S)


async def killed_with_backlog(run: Run, servers: Servers, reader: str) -> None:
    """Let messages pile up, save them, then kill the broker that holds them.

    The city is silent for the moment of the saving: what Mosquitto acknowledges after its last saving and before its
    end is lost by itself, and no fault of ours.
    """
    broker, process = run.target.broker, run.target[reader]
    process.send(signal.SIGSTOP)
    await asyncio.sleep(_BACKLOG_S)
    run.city.pause()
    await asyncio.sleep(_SETTLES_S)
    await asyncio.to_thread(broker.save)
    broker.kill()
    process.send(signal.SIGCONT)
    await servers.start(broker)
    run.city.resume()
    await run.goes_on()
