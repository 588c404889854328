"""The servers of a run: where they are, and which processes of this machine they are."""

from collections.abc import Iterable
from contextlib import ExitStack

from msgspec import Struct

from bench.procfs import is_local, server_at
from tools.services.address import CassandraAddress, MqttAddress, address


class Servers(Struct, frozen=True):
    """Servers that are there for the whole bench."""

    addresses: dict[str, str]
    """By name, as ``tools.services.address`` writes them."""

    @property
    def mosquitto(self) -> MqttAddress:
        """The MQTT broker."""
        return MqttAddress.parse(self.addresses["mosquitto"])

    @property
    def kafka(self) -> str:
        """The Kafka cluster, ``host:port``, several with commas."""
        return self.addresses["kafka"]

    @property
    def cassandra(self) -> CassandraAddress:
        """The Cassandra cluster."""
        return CassandraAddress.parse(self.addresses["cassandra"])

    def pids(self, *names: str) -> dict[str, int]:
        """Return the process ids of those of ``names`` that run on this machine."""
        found = {name: _pid(self.addresses[name]) for name in names}
        return {name: pid for name, pid in found.items() if pid is not None}


def started(names: Iterable[str], until_closed: ExitStack, *, one_copy: bool = False) -> Servers:
    """Return real servers, which are there until the stack is closed.

    A node of Cassandra that we start acknowledges as one of three does; with ``one_copy`` only what it has flushed.

    Raises:
        ServiceUnavailable: one of them cannot be had, and why.
    """
    return Servers({name: until_closed.enter_context(address(name, one_copy=one_copy)) for name in names})


def _pid(where: str) -> int | None:
    """Return the process that serves at an address, the first if there are several."""
    host, _, port = where.partition(",")[0].partition("/")[0].rpartition(":")
    return server_at(int(port)) if is_local(host) else None
