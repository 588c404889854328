"""One of three is away: brokers and nodes as production has them, with three copies of everything."""

import asyncio
import signal
from collections.abc import Iterator

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from tests.faults.cluster import Cluster
from tests.faults.experiment import Fault, experiment
from tests.faults.results import Results
from tests.faults.target import Target, distributed_target
from tests.support.eventually import eventually
from tools.services.server import Server

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1_200)]

_AWAY_S = 20.0
"""Longer than brokers (9 s) and nodes (some 10 s) need to find out that one is gone."""
_HANG_S = 40.0
"""Longer than a request to it."""
_HEARTBEAT_S = 15.0
"""Less than it takes a session of Cassandra to find out that a node stands still (20 s): others are asked before."""
_SYNC_S = 120.0


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """Six servers; they end with this module, as they would slow down the others."""
    with Cluster() as cluster:
        yield cluster


@pytest.fixture(scope="module")
def platform(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """All roles on the cluster."""
    with distributed_target(tmp_path_factory.mktemp("clustered"), cluster) as target:
        yield target


async def test_each_of_three_brokers_is_killed_and_comes_back(
    platform: Target, results: Results, cluster: Cluster
) -> None:
    fault = Fault("1", f"one broker of three is killed and away for {_AWAY_S:.0f} s, each in turn", "three brokers")
    async with experiment(platform, results, fault) as run:
        for broker in cluster.brokers:
            broker.kill()
            await run.goes_on()
            await asyncio.sleep(_AWAY_S)
            await cluster.start(broker)
            await _all_in_sync(cluster)
    assert not results.rows[-1].codes


async def test_three_brokers_restart_in_turn(platform: Target, results: Results, cluster: Cluster) -> None:
    async with experiment(platform, results, Fault("1", "three brokers restart in turn", "three brokers")) as run:
        for broker in cluster.brokers:
            await _restarts(cluster, broker)
            await _all_in_sync(cluster)
            await run.goes_on()
    assert not results.rows[-1].codes


async def test_one_of_three_brokers_stands_still(platform: Target, results: Results, cluster: Cluster) -> None:
    fault = Fault("2", f"one broker of three stands still for {_HANG_S:.0f} s", "three brokers")
    async with experiment(platform, results, fault) as run:
        cluster.brokers[0].send(signal.SIGSTOP)
        await asyncio.sleep(_HANG_S)
        cluster.brokers[0].send(signal.SIGCONT)
        await run.goes_on()
        await _all_in_sync(cluster)


async def test_one_of_three_nodes_is_killed_and_comes_back(
    platform: Target, results: Results, cluster: Cluster
) -> None:
    fault = Fault("6", f"one node of three is killed and away for {_AWAY_S:.0f} s", "three nodes of Cassandra")
    async with experiment(platform, results, fault) as run:
        cluster.nodes[0].kill()
        await run.goes_on()
        await asyncio.sleep(_AWAY_S)
        await cluster.start(cluster.nodes[0])
        await run.goes_on()
    assert not results.rows[-1].codes


async def test_one_of_three_nodes_stands_still(platform: Target, results: Results, cluster: Cluster) -> None:
    fault = Fault("6", f"one node of three stands still for {_HANG_S:.0f} s", "three nodes of Cassandra")
    async with experiment(platform, results, fault) as run:
        cluster.nodes[0].send(signal.SIGSTOP)
        await run.goes_on()
        await asyncio.sleep(_HANG_S)
        cluster.nodes[0].send(signal.SIGCONT)
        await run.goes_on()
    row = results.rows[-1]
    assert not row.codes
    assert max(row.no_row_s, row.no_answer_s) < _HEARTBEAT_S


async def test_three_nodes_restart_in_turn(platform: Target, results: Results, cluster: Cluster) -> None:
    fault = Fault("6", "three nodes restart in turn", "three nodes of Cassandra")
    async with experiment(platform, results, fault) as run:
        for node in cluster.nodes:
            await _restarts(cluster, node)
            await run.goes_on()
    assert not results.rows[-1].codes


async def _restarts(cluster: Cluster, server: Server) -> None:
    await cluster.stop(server)
    await cluster.start(server)


async def _all_in_sync(cluster: Cluster) -> None:
    """Return when each partition has all its copies again: before that nobody takes away another broker."""
    admin = AIOKafkaAdminClient(bootstrap_servers=cluster.kafka_address.bootstrap)
    await admin.start()

    async def behind() -> int:
        topics = await admin.describe_topics()
        return sum(len(part["isr"]) < cluster.copies for each in topics for part in each["partitions"])

    try:
        await eventually(behind, 0, _SYNC_S)
    finally:
        await admin.close()
