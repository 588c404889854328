"""A platform that the tests of tables and of re-decoding share: to start all its roles takes longer than both."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from uuid import uuid4

import pytest

from adapters.mqtt.settings import PublisherSettings
from tests.e2e.platform import asked_for, source
from tests.e2e.scene import Scene, counting_codec, has_started
from tools.services.address import MqttAddress


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
