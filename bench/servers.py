"""The servers of a run: where they are, and which processes of this machine they are."""

from collections.abc import Callable
from contextlib import ExitStack

from msgspec import Struct

from bench.procfs import is_local, server_at
from tools.services.address import CassandraAddress, MqttAddress, address


class Servers(Struct, frozen=True):
    """Addresses, and process ids by name where we may look at them."""

    mosquitto: MqttAddress
    kafka: str
    """``host:port``, several with commas."""
    cassandra: CassandraAddress

    def pids(self, *names: str) -> dict[str, int]:
        """Return the process ids of those of ``names`` that run on this machine."""
        bootstrap, _, port = self.kafka.partition(",")[0].rpartition(":")
        where = {
            "mosquitto": (self.mosquitto.host, self.mosquitto.port),
            "kafka": (bootstrap, int(port)),
            "cassandra": (self.cassandra.host, self.cassandra.port),
        }
        found = {name: server_at(where[name][1]) if is_local(where[name][0]) else None for name in names}
        return {name: pid for name, pid in found.items() if pid is not None}


def started(until_closed: ExitStack) -> Servers:
    """Return real servers, which are there until the stack is closed.

    Raises:
        ServiceUnavailable: one of them cannot be had, and why.
    """
    where: Callable[[str], str] = lambda name: until_closed.enter_context(address(name))  # noqa: E731
    return Servers(MqttAddress.parse(where("mosquitto")), where("kafka"), CassandraAddress.parse(where("cassandra")))
