"""A platform, the broker that it listens to, and its operator: what tests of tables and re-decoding share."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from msgspec import Struct

from adapters.mqtt.publisher import MqttPublisher
from adapters.mqtt.settings import PublisherSettings
from tests.e2e.command import said_here
from tests.e2e.messages import Json, body, topic
from tests.e2e.platform import Platform
from tests.support.eventually import until

METER = 3
"""A device whose payload is a count of two bytes, by a script."""


class Scene(Struct):
    """Asks and tells as an operator does."""

    platform: Platform
    folder: Path
    prefix: str
    broker: PublisherSettings
    beside: bool
    """Whether a re-decode may run while the platform does."""

    def said(self, *words: object, code: int = 0) -> str:
        """Return what ``stadtfunk <words>`` says, asking the API; it must end with ``code``."""
        return said_here(*words, "--server", f"127.0.0.1:{self.platform.port}", code=code)

    def table(self, content: str) -> Path:
        """Return a file with ``content``."""
        path = self.folder / f"{uuid4().hex[:8]}.csv"
        path.write_text(content, encoding="utf-8")
        return path

    async def publish(self, spot: int, messages: Sequence[Json]) -> None:
        """Let a device speak."""
        async with MqttPublisher(self.broker) as publisher:
            await publisher.publish([(topic(self.prefix, spot), body(each)) for each in messages])

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Stop the platform, if it must not run beside a re-decode."""
        roles = [] if self.beside else self.platform.roles
        for role in roles:
            assert role.end() == 0, role.said()
        starts = [role.said().count("gRPC on") for role in roles]
        yield
        for role in roles:
            role.start()
        asyncio.run(
            until(lambda: [role.said().count("gRPC on") for role in roles] == [each + 1 for each in starts], 60)
        )


async def has_started(platform: Platform) -> None:
    """Wait until every role works."""
    await until(lambda: "subscribed" in platform.roles[0].said(), deadline_s=90)
    await until(lambda: all("started" in role.said() or "gRPC on" in role.said() for role in platform.roles), 90)


def counting_codec(folder: Path, factor: int) -> str:
    """Return settings of a script that takes a count of the meter for so many litres; its files are there."""
    script = folder / f"meter-{factor}.js"
    count = f"{factor} * (input.bytes[0] * 256 + input.bytes[1])"
    script.write_text(f"function decodeUplink(input) {{ return {{ data: {{ litres: {count} }} }}; }}")
    (folder / "meter.toml").write_text('[[values]]\npath = "litres"\nmeasurand = "water.volume"\n')
    return f"""
[[codecs]]
device_type = "acme_water"
script = "{script}"
mapping = "{folder}/meter.toml"
version = {factor}
[[device_types]]
device_type = "acme_water"
device_id = "spot-{METER}"
"""
