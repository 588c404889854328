"""Three brokers and three nodes, as production has them: started when first needed."""

import asyncio
from functools import cached_property, partial

from cassandra.cluster import Cluster as Driver
from cassandra.io.libevreactor import LibevConnection

from tests.faults.servers import Servers
from tests.support.eventually import until
from tools.services.address import CassandraAddress, KafkaAddress
from tools.services.cassandra import Cassandra, Ring
from tools.services.kafka import Kafka, Quorum

_NODES = (1, 2, 3)


class Cluster(Servers):
    """Three of both kinds with three copies of everything, of which two acknowledge."""

    copies = len(_NODES)

    @cached_property
    def brokers(self) -> list[Kafka]:
        """The brokers of one Kafka; each is a controller too."""
        quorum = Quorum.of(len(_NODES))
        brokers = [self._made(partial(Kafka, quorum=quorum, node=node)) for node in _NODES]
        self._on_their_thread(lambda: self._start_together(brokers))
        return brokers

    @cached_property
    def nodes(self) -> list[Cassandra]:
        """The nodes of one Cassandra."""
        ring = Ring.new()
        nodes = [self._started(partial(Cassandra, ring=ring, node=node)) for node in _NODES]
        asyncio.run(until(lambda: all(_known_to(each) == len(_NODES) for each in nodes)))
        return nodes

    @property
    def kafka_address(self) -> KafkaAddress:
        """Where platforms find it."""
        return KafkaAddress(",".join(each.bootstrap for each in self.brokers))

    @property
    def cassandra_address(self) -> CassandraAddress:
        """Where platforms find it."""
        first = self.nodes[0]
        return CassandraAddress(",".join(each.host for each in self.nodes), first.port, first.datacenter)

    def _start_together(self, brokers: list[Kafka]) -> None:
        for each in brokers:
            each.launch()
            self._running.callback(each.stop)
        for each in brokers:  # none serves before most of them do
            each.wait_until_ready()


def _known_to(node: Cassandra) -> int:
    """Return how many nodes there are, as ``node`` sees it: they hear of each other some seconds after a start."""
    with Driver([node.host], port=node.port, protocol_version=5, connection_class=LibevConnection) as driver:
        driver.connect()
        return len(driver.metadata.all_hosts())
