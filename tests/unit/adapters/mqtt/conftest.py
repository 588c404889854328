"""A broker for each test."""

from collections.abc import AsyncIterator

import pytest

from tests.unit.adapters.mqtt.scripted_broker import ScriptedBroker


@pytest.fixture
async def broker() -> AsyncIterator[ScriptedBroker]:
    async with ScriptedBroker() as started:
        yield started
