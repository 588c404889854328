"""``stadtfunk`` with a bug: ``python -m tests.faults.failing BUG <arguments>``."""

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import NoReturn, cast

from adapters.kafka.derived_feed import KafkaDerivedFeed
from adapters.kafka.partition_assignment import KafkaPartitionAssignment
from adapters.mqtt.uplink_source import MqttUplinkSource
from application.ports.derived_feed import Derived
from application.ports.uplink_source import Delivery
from application.processing.step import Step
from application.stage_counts import StageCounts
from stadtfunk.cli import main


def _raise(*_: object) -> NoReturn:
    raise ZeroDivisionError("a bug")


async def _end(*_: object) -> None:
    """Be done at once."""


async def _read_nothing(_: KafkaDerivedFeed) -> AsyncIterator[Derived]:
    """Be done at once."""
    return
    yield


async def _receive(_: MqttUplinkSource) -> Delivery | None:
    """Wait for ever, while a callback of ours fails."""
    asyncio.get_running_loop().call_soon(StageCounts().ignore, cast("str", []))
    await asyncio.Event().wait()
    return None


BUGS: dict[str, tuple[type, str, object]] = {
    "the step raises": (Step, "process", _raise),
    "the feed ends": (KafkaDerivedFeed, "read", _read_nothing),
    "the assignment ends": (KafkaPartitionAssignment, "run", _end),
    "a callback raises": (MqttUplinkSource, "receive", _receive),
    "the source ends": (MqttUplinkSource, "receive", _end),
}
"""What is replaced, by its name."""

if __name__ == "__main__":
    bug, *words = sys.argv[1:]
    owner, name, instead = BUGS[bug]
    setattr(owner, name, instead)
    raise SystemExit(main(words))
