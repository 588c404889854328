"""What tests of several modules share, since it takes longer than they do: a platform, and topics with a keyspace."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from uuid import uuid4

import pytest

from adapters.mqtt.settings import PublisherSettings
from tests.e2e.command import said_here
from tests.e2e.platform import asked_for, distributed_settings, source, unused_name
from tests.e2e.scene import Scene, counting_codec, has_started
from tools.services.address import CassandraAddress, KafkaAddress, MqttAddress
from tools.services.ports import free_port


@pytest.fixture(scope="session", params=["embedded", "distributed"])
def administered(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, mosquitto: MqttAddress
) -> Iterator[Scene]:
    """Both platforms, one after the other."""
    prefix, folder = f"administered-{uuid4().hex[:8]}", tmp_path_factory.mktemp("administered")
    settings = source(mosquitto.host, mosquitto.port, f"{prefix}/v3/+/devices/+/up") + counting_codec(folder, 1)
    broker = PublisherSettings(host=mosquitto.host, port=mosquitto.port, tls=False, client_id=f"{prefix}-sender")
    with ExitStack() as running:
        platform = running.enter_context(asked_for(request, folder, settings))
        asyncio.run(has_started(platform))
        yield Scene(platform, folder, prefix, broker, beside=request.param == "distributed")
        for role in platform.roles:
            assert role.end() == 0, role.said()
            for stage, law in role.laws().items():
                assert law["in"] == sum(number for bucket, number in law.items() if bucket != "in"), stage


@pytest.fixture(scope="session")
def migrated_name(tmp_path_factory: pytest.TempPathFactory, kafka: KafkaAddress, cassandra: CassandraAddress) -> str:
    """What topics and a keyspace are called that are there, and that nobody writes to or alters."""
    name, config = unused_name(), tmp_path_factory.mktemp("migrated") / "stadtfunk.toml"
    config.write_text(distributed_settings(name, free_port(), kafka, cassandra))
    said_here("migrate", "--config", config)
    return name
