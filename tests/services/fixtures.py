"""Fixtures for real servers: one of each for the whole run, or a broker of a test's own to kill.

Everybody shares the first kind: use topic, keyspace and client names that no other test uses.
A server that cannot be had raises ``ServiceUnavailable``, so the tests that need it fail and say why.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Protocol

import pytest

from tools.services.address import CassandraAddress, KafkaAddress, MqttAddress, address
from tools.services.mosquitto import Mosquitto
from tools.services.workspace import workspace


@pytest.fixture(scope="session")
def kafka() -> Iterator[KafkaAddress]:
    """A Kafka cluster that creates no topic by itself."""
    with address("kafka") as bootstrap:
        yield KafkaAddress(bootstrap)


@pytest.fixture(scope="session")
def cassandra() -> Iterator[CassandraAddress]:
    """A Cassandra cluster."""
    with address("cassandra") as text:
        yield CassandraAddress.parse(text)


@pytest.fixture(scope="session")
def mosquitto() -> Iterator[MqttAddress]:
    """An MQTT broker that lets anybody in."""
    with address("mosquitto") as text:
        yield MqttAddress.parse(text)


class MosquittoFactory(Protocol):
    """Starts brokers of a test's own, always on this machine; they end with the test."""

    def __call__(self, *lines: str) -> Mosquitto:
        """Start one with ``lines`` added to its configuration."""


@pytest.fixture
def mosquitto_factory() -> Iterator[MosquittoFactory]:
    """For a test that stops, kills or configures its broker."""
    with ExitStack() as started:

        def start(*lines: str) -> Mosquitto:
            folder = started.enter_context(workspace())
            return started.enter_context(Mosquitto(folder, *lines))

        yield start
