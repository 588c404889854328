"""A distributed platform that a test starts, asks and breaks role by role, on servers that it names."""

from pathlib import Path

from adapters.cassandra.settings import ClusterSettings
from tests.e2e.command import Ended, command, said_here
from tests.e2e.platform import distributed_settings
from tests.e2e.role import Role
from tests.integration.cassandra.cql import cql
from tools.services.address import CassandraAddress, KafkaAddress
from tools.services.ports import free_port

UPLINKS = 60
"""What the city of a ``World`` says."""
_CITY = f'[[sources]]\nkind = "simulated_city"\ndevices = 10\nrate = 0\nuplinks = {UPLINKS}\npoison = 0.0\n'


class World:
    """Settings that name servers, topics and a keyspace of a test's own."""

    def __init__(self, folder: Path, kafka: KafkaAddress, cassandra: CassandraAddress, name: str) -> None:
        self.folder = folder
        self.name = name
        self.kafka = kafka
        self.cassandra = cassandra
        self.port = free_port()
        self.config = folder / "stadtfunk.toml"
        self.write(kafka, cassandra)

    def write(self, kafka: KafkaAddress, cassandra: CassandraAddress) -> None:
        """Let the settings name these servers."""
        self.config.write_text(distributed_settings(self.name, self.port, kafka, cassandra) + _CITY)

    def change(self, before: str, after: str) -> None:
        """Change the settings."""
        text = self.config.read_text()
        assert before in text
        self.config.write_text(text.replace(before, after))

    def migrate(self) -> None:
        """Make topics and keyspace."""
        said_here("migrate", "--config", self.config)

    def ended(self, *words: str) -> Ended:
        """Return how ``stadtfunk <words>`` ended by itself."""
        return command(*words, "--config", self.config)

    def role(self, name: str) -> Role:
        """Return a role."""
        return Role(self.folder, name, "--config", str(self.config))

    def cql(self, statement: str) -> None:
        """Do something to the keyspace."""
        host, port, datacenter = self.cassandra
        keyspace = f"e2e_{self.name}"
        cql(ClusterSettings(contact_points=(host,), port=port, local_dc=datacenter, keyspace=keyspace), statement)


def processed(process: Role) -> int:
    """Return how many messages it has taken in."""
    return process.laws().get("process", {}).get("in", 0)
