"""Creates the topics that are missing, and refuses those that are not as they must be."""

import asyncio
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import NoError, TopicAlreadyExistsError, for_code
from msgspec import Struct

from adapters.kafka.connection import KafkaConnection
from adapters.kafka.deadlines import end_within
from adapters.kafka.errors import translated
from adapters.kafka.topics import Topics, TopicShape
from application.errors import Unavailable, WrongShape

_AT_LEAST = frozenset({"max.message.bytes", "min.compaction.lag.ms"})
"""Configuration that may be more than asked for."""
_PAUSE_S = 0.1
_LOOKS = 300
"""30 s of pauses until a created topic must be known everywhere; it takes less than one."""


class FoundTopic(Struct, frozen=True):
    """A topic as the cluster has it."""

    partitions: int
    replication_factor: int
    configuration: Mapping[str, str]


class KafkaTopicsMigration:
    """The topics of a cluster, made and checked."""

    def __init__(self, connection: KafkaConnection, topics: Topics) -> None:
        self._connection = connection
        self._deadlines = connection.deadlines
        self._shapes = topics.shapes()
        self._admin: AIOKafkaAdminClient | None = None

    async def __aenter__(self) -> Self:
        self._admin = AIOKafkaAdminClient(**self._connection.arguments(), request_timeout_ms=self._deadlines.retry_ms)
        try:
            with translated("asking for topics", self._connection.bootstrap):
                async with asyncio.timeout(self._deadlines.start_s):
                    await self._admin.start()
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self._close()

    async def migrate(self) -> Sequence[str]:
        """Create what is missing and return its names; what is there is checked, and never altered.

        Raises:
            WrongShape: a topic that exists is not as it must be.
            Unavailable, Refused: the cluster cannot or will not do it.
        """
        found = await self._found()
        _refuse([mistake for mistake in mistakes(self._shapes, found) if mistake.topic in found])
        missing = [shape for shape in self._shapes if shape.name not in found]
        if missing:
            await self._create(missing)
            await self._until_they_are_there()
        return [shape.name for shape in missing]

    async def check(self) -> None:
        """Return if all topics are there and as they must be.

        Raises:
            WrongShape: one line that names every difference, and the remedy.
            Unavailable, Refused: the cluster does not say.
        """
        _refuse(mistakes(self._shapes, await self._found()))

    async def found(self) -> Mapping[str, FoundTopic]:
        """Return our topics as the cluster has them; those that are missing are not among them.

        Raises:
            Unavailable, Refused: the cluster does not say.
        """
        return await self._found()

    async def _create(self, shapes: Sequence[TopicShape]) -> None:
        wanted = [
            NewTopic(
                shape.name, shape.partitions, shape.replication_factor, topic_configs=shape.required | shape.preferred
            )
            for shape in shapes
        ]
        with translated("creating topics", self._connection.bootstrap):
            async with asyncio.timeout(self._deadlines.start_s):
                answer = await self._opened().create_topics(wanted)
        for name, code, text in answer.topic_errors:
            error = for_code(code)
            if error not in (NoError, TopicAlreadyExistsError):
                with translated(f"creating topic {name!r}", self._connection.bootstrap):
                    raise error(text)

    async def _until_they_are_there(self) -> None:
        """Wait until the brokers we ask know what the controller has created."""
        for _ in range(_LOOKS):
            if not mistakes(self._shapes, await self._found()):
                return
            await asyncio.sleep(_PAUSE_S)
        await self.check()

    async def _found(self) -> dict[str, FoundTopic]:
        """Ask for all topics: asking for one by its name would make a careless broker create it."""
        wanted = {shape.name for shape in self._shapes}
        admin = self._opened()
        with translated("asking for topics", self._connection.bootstrap):
            async with asyncio.timeout(self._deadlines.start_s):
                described = {topic["topic"]: topic["partitions"] for topic in await admin.describe_topics()}
                present = [name for name in wanted if name in described]
                resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in present]
                answers = await admin.describe_configs(resources) if present else []
        configurations = {name: configuration for answer in answers for name, configuration in _configurations(answer)}
        return {
            name: FoundTopic(
                len(described[name]),
                min((len(partition["replicas"]) for partition in described[name]), default=0),
                configurations.get(name, {}),
            )
            for name in present
        }

    def _opened(self) -> AIOKafkaAdminClient:
        if self._admin is None:
            raise Unavailable("the topics are not open: use `async with`")
        return self._admin

    async def _close(self) -> None:
        admin, self._admin = self._admin, None
        if admin is not None:
            await end_within(self._deadlines.stop_s, admin.close(), admin._client.close)  # noqa: SLF001  cut the cable


class Mistake(Struct, frozen=True):
    """One difference between a topic and what it must be."""

    topic: str
    what: str


def mistakes(shapes: Sequence[TopicShape], found: Mapping[str, FoundTopic]) -> list[Mistake]:
    """Return all differences that matter between ``shapes`` and what was ``found``."""
    return [
        Mistake(shape.name, what)
        for shape in shapes
        for what in (_differences(shape, found[shape.name]) if shape.name in found else ["is missing"])
    ]


def _differences(shape: TopicShape, found: FoundTopic) -> list[str]:
    differences: list[str] = []
    if found.partitions != shape.partitions:
        differences.append(f"has {found.partitions} partitions, not {shape.partitions}")
    if found.replication_factor < shape.replication_factor:
        differences.append(f"has {found.replication_factor} replicas, not {shape.replication_factor}")
    for name, wanted in shape.required.items():
        value = found.configuration.get(name, "")
        enough = value.isdigit() and int(value) >= int(wanted) if name in _AT_LEAST else value == wanted
        if not enough:
            differences.append(f"has {name}={value or '?'}, not {wanted}")
    return differences


def _refuse(found: Sequence[Mistake]) -> None:
    if not found:
        return
    text = "; ".join(f"topic {mistake.topic!r} {mistake.what}" for mistake in found)
    only_missing = all(mistake.what == "is missing" for mistake in found)
    remedy = "run `stadtfunk migrate`" if only_missing else "correct the topic or the settings; nothing was altered"
    raise WrongShape(f"{text}: {remedy}", topics=",".join(sorted({mistake.topic for mistake in found})))


def _configurations(answer: object) -> list[tuple[str, dict[str, str]]]:
    """Return the configuration of each topic in a DescribeConfigs response (KIP-133)."""
    resources: list[tuple[object, object, object, str, list[tuple[str, str, *tuple[object, ...]]]]] = answer.resources  # type: ignore[attr-defined]  # made by aiokafka from a schema
    return [(name, {entry[0]: entry[1] for entry in entries}) for _, _, _, name, entries in resources]
