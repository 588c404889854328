"""Canaries on an MQTT broker: published by a connection of their own, on topics that the source subscribes to."""

from collections.abc import Sequence
from types import TracebackType
from typing import Self

import msgspec

from adapters.mqtt.publisher import MqttPublisher
from adapters.mqtt.settings import PublisherSettings
from application.ports.canary_post import CANARY

_encode = msgspec.json.Encoder().encode


class MqttCanaryPost:
    """Needs the right to publish where devices' messages are published: a broker of our own, not The Things Stack's.

    Whoever else subscribes there sees the canaries too. They go at QoS 0: a broker keeps none for sessions whose client
    is away, where they would take the room of uplinks. That the broker took them is known by a message at QoS 1 behind
    them, on a topic of ours. An async context manager; it connects with the first canary, so that a broker that is
    away now is for the source alone to wait for.
    """

    def __init__(self, settings: PublisherSettings, topic_filters: Sequence[str]) -> None:
        """Take the broker, with a ``client_id`` that nobody else has, and what the source subscribes to."""
        self._filters = list(topic_filters)
        self._topics = [canary_topic(each) for each in topic_filters]
        self._behind = f"{CANARY}/{settings.client_id}"
        self.ways = len(self._topics)
        self._settings = settings
        self._publisher: MqttPublisher | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self._close()

    def way_of(self, topic: str) -> int | None:
        return next((way for way, each in enumerate(self._filters) if is_within(topic, each)), None)

    async def send(self, nonces: Sequence[str]) -> None:
        messages = [(topic, _encode({"canary": nonce})) for topic, nonce in zip(self._topics, nonces, strict=True)]
        if self._publisher is None:
            publisher = MqttPublisher(self._settings)
            await publisher.__aenter__()
            self._publisher = publisher
        try:
            await self._publisher.publish(messages, qos=0)
            await self._publisher.publish([(self._behind, b"")], qos=1)
        except BaseException:  # cancelled too: what a connection that was broken off still has on its way is unknown
            await self._close()
            raise

    async def _close(self) -> None:
        publisher, self._publisher = self._publisher, None
        if publisher is not None:
            await publisher.__aexit__(None, None, None)


def canary_topic(topic_filter: str) -> str:
    """Return a topic within ``topic_filter`` (MQTT 3.1.1, section 4.7) that bears the name of canaries.

    Every wildcard becomes that name. A filter without any stands for one topic alone, on which no canary could be told
    from a message: what is returned then lies beside it, and never comes in.
    """
    if not has_room(topic_filter):
        return f"{topic_filter}/{CANARY}"
    return "/".join(CANARY if level in ("+", "#") else level for level in topic_filter.split("/"))


def has_room(topic_filter: str) -> bool:
    """Say whether ``topic_filter`` lets a canary in: whether there is any wildcard in it."""
    return any(level in ("+", "#") for level in topic_filter.split("/"))


def is_within(topic: str, topic_filter: str) -> bool:
    """Say whether ``topic_filter`` takes ``topic`` (MQTT 3.1.1, section 4.7)."""
    levels, wanted = topic.split("/"), topic_filter.split("/")
    if wanted[-1] == "#":
        wanted.pop()
        levels = levels[: len(wanted)]
    return len(levels) == len(wanted) and all(want in ("+", level) for level, want in zip(levels, wanted, strict=True))
