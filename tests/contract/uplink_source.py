"""What every source of uplinks promises."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from application.ports.uplink_source import Delivery, UplinkSource
from tests.support.eventually import soon


class Origin(Protocol):
    """The far side of a source: where its messages come from, and what a test may do to it."""

    def source(self) -> AbstractAsyncContextManager[UplinkSource]:
        """Open a source, always the same one as far as the origin knows."""

    async def offer(self, count: int) -> list[bytes]:
        """Let the open source have ``count`` more messages, all different, and return them in their order."""

    async def end(self, source: UplinkSource) -> None:
        """Let ``source`` come to its end after what it was offered."""


class RepeatingOrigin(Origin, Protocol):
    """An origin that keeps messages until they are acknowledged."""

    async def drop_connection(self) -> None:
        """Break the connection of the open source, which makes a new one; nothing is forgotten."""

    async def forget(self) -> None:
        """Break the connection of the open source and forget it, with all that it had not acknowledged."""


async def received(source: UplinkSource, last: bytes) -> list[Delivery]:
    """Return what ``source`` gives, up to the delivery with ``last`` in it, unacknowledged."""
    deliveries: list[Delivery] = []
    while not deliveries or last not in bodies(deliveries[-1:]):
        delivery = await soon(source.receive())
        assert delivery is not None, f"the end came before {last!r}"
        deliveries.append(delivery)
    return deliveries


async def acknowledged(source: UplinkSource, last: bytes) -> list[Delivery]:
    """As ``received``, acknowledging each delivery."""
    deliveries: list[Delivery] = []
    while not deliveries or last not in bodies(deliveries[-1:]):
        delivery = await soon(source.receive())
        assert delivery is not None, f"the end came before {last!r}"
        await source.acknowledge(delivery)
        deliveries.append(delivery)
    return deliveries


def bodies(deliveries: Sequence[Delivery]) -> list[bytes]:
    """Return the messages of ``deliveries``."""
    return [uplink.body for delivery in deliveries for uplink in delivery.uplinks]


class UplinkSourceContract:
    """Subclass with a fixture ``origin``."""

    async def test_gives_what_it_is_offered_in_its_order(self, origin: Origin) -> None:
        async with origin.source() as source:
            offered = await origin.offer(300)
            assert bodies(await acknowledged(source, offered[-1]))[:300] == offered

    async def test_no_delivery_is_empty(self, origin: Origin) -> None:
        async with origin.source() as source:
            offered = await origin.offer(30)
            assert all(delivery.uplinks for delivery in await acknowledged(source, offered[-1]))

    async def test_a_message_says_from_where_and_when_it_came(self, origin: Origin) -> None:
        async with origin.source() as source:
            offered = await origin.offer(3)
            for delivery in await acknowledged(source, offered[-1]):
                for uplink in delivery.uplinks:
                    assert uplink.source
                    assert uplink.network_server in {"tts", "chirpstack", "ttn-v2"}
                    assert uplink.topic
                    assert uplink.received_us > 0

    async def test_acknowledging_again_does_no_harm(self, origin: Origin) -> None:
        async with origin.source() as source:
            first = await origin.offer(3)
            for delivery in await acknowledged(source, first[-1]):
                await source.acknowledge(delivery)
            second = await origin.offer(3)
            assert second[-1] in bodies(await acknowledged(source, second[-1]))

    async def test_after_its_end_there_is_nothing(self, origin: Origin) -> None:
        async with origin.source() as source:
            offered = await origin.offer(3)
            deliveries = await acknowledged(source, offered[-1])
            await origin.end(source)
            while (delivery := await soon(source.receive())) is not None:
                deliveries.append(delivery)
            assert bodies(deliveries)[:3] == offered
            assert await soon(source.receive()) is None

    async def test_told_to_stop_it_comes_to_its_end(self, origin: Origin) -> None:
        async with origin.source() as source:
            offered = await origin.offer(3)
            await acknowledged(source, offered[-1])
            source.stop()
            while (delivery := await soon(source.receive())) is not None:
                await source.acknowledge(delivery)
            assert await soon(source.receive()) is None


class RepeatingSourceContract(UplinkSourceContract):
    """Of a source whose origin keeps messages until they are acknowledged: a fixture ``origin`` that repeats.

    A source that acknowledges before it is told to, or on another connection than the message came on, loses
    messages; it fails here.
    """

    async def test_what_was_never_acknowledged_comes_again(self, origin: RepeatingOrigin) -> None:
        async with origin.source() as source:
            offered = await origin.offer(10)
            await received(source, offered[-1])
        async with origin.source() as source:
            after = await origin.offer(1)
            assert bodies(await received(source, after[-1])) == offered + after

    async def test_what_is_not_even_received_comes_again(self, origin: RepeatingOrigin) -> None:
        async with origin.source():
            offered = await origin.offer(10)
        async with origin.source() as source:
            assert bodies(await acknowledged(source, offered[-1])) == offered

    async def test_what_comes_again_can_be_acknowledged(self, origin: RepeatingOrigin) -> None:
        async with origin.source() as source:
            offered = await origin.offer(10)
            await received(source, offered[-1])
            await origin.drop_connection()
            again = await origin.offer(1)
            await acknowledged(source, again[-1])
        async with origin.source() as source:
            after = await origin.offer(1)
            assert bodies(await received(source, after[-1])) == after

    async def test_what_was_acknowledged_never_comes_again(self, origin: RepeatingOrigin) -> None:
        async with origin.source() as source:
            offered = await origin.offer(10)
            await acknowledged(source, offered[-1])
        async with origin.source() as source:
            after = await origin.offer(1)
            assert bodies(await received(source, after[-1])) == after

    async def test_unacknowledged_messages_come_again_after_a_lost_connection(self, origin: RepeatingOrigin) -> None:
        async with origin.source() as source:
            offered = await origin.offer(10)
            await received(source, offered[-1])
            await origin.drop_connection()
            after = await origin.offer(1)
            assert bodies(await received(source, after[-1])) == offered + after

    async def test_an_acknowledgement_after_its_connection_does_nothing(self, origin: RepeatingOrigin) -> None:
        # Newer messages may have the packet identifiers of older ones; they must not be taken for them.
        async with origin.source() as source:
            older = await origin.offer(5)
            pending = await received(source, older[-1])
            await origin.forget()
            newer = await origin.offer(5)
            await received(source, newer[-1])
            for delivery in pending:
                await source.acknowledge(delivery)
        async with origin.source() as source:
            after = await origin.offer(1)
            assert bodies(await received(source, after[-1])) == newer + after
