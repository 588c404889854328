"""The MQTT source keeps the contract against Mosquitto, at both qualities of service."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from adapters.mqtt.inbox import Receipt
from adapters.mqtt.uplink_source import MqttUplinkSource
from application.ports.uplink_source import Delivery, UplinkSource
from tests.contract.uplink_source import Origin, RepeatingOrigin, RepeatingSourceContract, UplinkSourceContract
from tests.integration.mqtt.broker import LOGGED, MosquittoOrigin, source
from tests.services.fixtures import MosquittoFactory
from tools.services.mosquitto import Mosquitto

pytestmark = pytest.mark.integration


class TestAtQos1(RepeatingSourceContract):
    @pytest.fixture
    def origin(self, mosquitto_factory: MosquittoFactory) -> RepeatingOrigin:
        broker = mosquitto_factory(LOGGED)
        return MosquittoOrigin(broker, lambda: source(broker))


class TestAtQos0(UplinkSourceContract):
    @pytest.fixture
    def origin(self, mosquitto_factory: MosquittoFactory) -> Origin:
        broker = mosquitto_factory(LOGGED)
        return MosquittoOrigin(broker, lambda: source(broker, qos=0))


class EarlyAcknowledging:
    """A source that tells the broker before anything is durable, as careless clients do."""

    def __init__(self, careful: MqttUplinkSource) -> None:
        self._careful = careful

    async def receive(self) -> Delivery | None:
        """Receive, and acknowledge at once."""
        delivery = await self._careful.receive()
        if delivery is not None:
            await self._careful.acknowledge(delivery)
        return delivery

    def stop(self) -> None:
        self._careful.stop()

    async def acknowledge(self, delivery: Delivery) -> None:
        """Do nothing: it is done already."""


class LateAcknowledging:
    """A source that acknowledges on whichever connection there is, as careless clients do after a reconnect."""

    def __init__(self, careful: MqttUplinkSource) -> None:
        self.receive = careful.receive
        self.stop = careful.stop
        self._careful = careful

    async def acknowledge(self, delivery: Delivery) -> None:
        """Acknowledge by packet identifier, whatever it names by now."""
        assert isinstance(delivery.token, Receipt)
        assert self._careful._connection is not None
        self._careful._connection.acknowledge(delivery.token.mids)


def careless(broker: Mosquitto, kind: Callable[[MqttUplinkSource], UplinkSource]) -> MosquittoOrigin:
    """Return the origin of a source that loses messages."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[UplinkSource]:
        async with source(broker) as careful:
            yield kind(careful)

    return MosquittoOrigin(broker, opened)


async def test_a_source_that_acknowledges_too_early_fails_the_contract(mosquitto_factory: MosquittoFactory) -> None:
    origin = careless(mosquitto_factory(LOGGED), EarlyAcknowledging)
    with pytest.raises(AssertionError, match="== "):
        await RepeatingSourceContract().test_what_was_never_acknowledged_comes_again(origin)


async def test_a_source_that_acknowledges_too_late_fails_the_contract(mosquitto_factory: MosquittoFactory) -> None:
    origin = careless(mosquitto_factory(LOGGED), LateAcknowledging)
    with pytest.raises(AssertionError, match="== "):
        await RepeatingSourceContract().test_an_acknowledgement_after_its_connection_does_nothing(origin)
