"""The servers from Docker, where an engine answers. Unverified: no engine ran where this was written."""

from collections.abc import Iterator
from contextlib import contextmanager

from testcontainers.community.cassandra import CassandraContainer
from testcontainers.community.kafka import KafkaContainer
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import LogMessageWaitStrategy


@contextmanager
def container(name: str) -> Iterator[str]:
    """Yield the address of the server ``name`` in a container of its own."""
    if name == "kafka":
        broker = KafkaContainer("confluentinc/cp-kafka:7.9.1").with_kraft()
        with broker.with_env("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false") as kafka:
            yield kafka.get_bootstrap_server()
    elif name == "cassandra":
        with CassandraContainer("cassandra:5.0.6") as cassandra:
            ((host, port),) = cassandra.get_contact_points()
            yield f"{host}:{port}/{cassandra.get_local_datacenter()}"
    else:
        image = DockerContainer("eclipse-mosquitto:2.0.22", command="mosquitto -c /mosquitto-no-auth.conf")
        with image.with_exposed_ports(1883).waiting_for(LogMessageWaitStrategy("running")) as mosquitto:
            yield f"{mosquitto.get_container_host_ip()}:{mosquitto.get_exposed_port(1883)}"
