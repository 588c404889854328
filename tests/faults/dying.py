"""``stadtfunk`` with a crash point: ``python -m tests.faults.dying POINT PASSINGS <arguments>``.

At the given passing of the point it kills itself with SIGKILL. Points that adapters name themselves are told by ``at``;
the others stand before or after a step of a port, so that what a role does is cut between any two of its steps.
"""

import os
import signal
import sys
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from dependency_injector import providers

from adapters.cassandra.device_states import CassandraDeviceStates
from adapters.cassandra.observation_store import CassandraObservationStore
from adapters.kafka.derived_feed import KafkaDerivedFeed
from adapters.kafka.uplink_consumer import UplinkConsumer
from adapters.kafka.uplink_log import KafkaUplinkLog
from adapters.mqtt.uplink_source import MqttUplinkSource
from adapters.sqlite.uplink_log import SqliteUplinkLog
from stadtfunk.cli import main
from stadtfunk.container.distributed import Distributed
from stadtfunk.container.embedded import Embedded

P = ParamSpec("P")
R = TypeVar("R")
Pass = Callable[[str], None]

BY_ROLE = {
    "ingest": ("received", "appended", "acknowledged"),
    "process": ("outputs_acknowledged", "changelog_acknowledged", "position_noted", "position_committed"),
    "sink": ("read", "observations_stored", "states_stored", "stored", "positions_committed"),
    "run": (
        "batch_written",
        "batch_durable",
        "appended",
        "acknowledged",
        "results_written",
        "slice_written",
        "position_written",
        "committed",
    ),
}
"""Every point of each role, in the order in which a batch passes them."""


def _before(step: Callable[P, Awaitable[R]], point: str, at: Pass) -> Callable[P, Awaitable[R]]:
    @wraps(step)
    async def passing(*args: P.args, **kwargs: P.kwargs) -> R:
        at(point)
        return await step(*args, **kwargs)

    return passing


def _after(step: Callable[P, Awaitable[R]], point: str, at: Pass) -> Callable[P, Awaitable[R]]:
    @wraps(step)
    async def passing(*args: P.args, **kwargs: P.kwargs) -> R:
        done = await step(*args, **kwargs)
        at(point)
        return done

    return passing


def _lay(at: Pass) -> None:
    """Lay all points into the program."""
    for provider in (Distributed.checkpoint, Embedded.checkpoint, Embedded.log):
        assert isinstance(provider, providers.Singleton)
        provider.add_kwargs(at=at)
    for log in (KafkaUplinkLog, SqliteUplinkLog):
        received = _before(log.append, "received", at)
        setattr(log, "append", _after(received, "appended", at))  # noqa: B010  mypy forbids it otherwise
    steps: list[tuple[type, str, str, bool]] = [
        (MqttUplinkSource, "acknowledge", "acknowledged", False),
        (UplinkConsumer, "commit", "position_committed", False),
        (CassandraObservationStore, "write", "read", True),
        (CassandraObservationStore, "write", "observations_stored", False),
        (CassandraDeviceStates, "write", "states_stored", False),
        (KafkaDerivedFeed, "commit", "stored", True),
        (KafkaDerivedFeed, "commit", "positions_committed", False),
    ]
    for owner, step, point, is_before in steps:
        wrap = _before if is_before else _after
        setattr(owner, step, wrap(getattr(owner, step), point, at))


def _killing(point: str, passings: int) -> Pass:
    left = passings

    def at(name: str) -> None:
        nonlocal left
        if name == point:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return at


if __name__ == "__main__":
    wanted, times, *words = sys.argv[1:]
    assert any(wanted in points for points in BY_ROLE.values()), wanted
    _lay(_killing(wanted, int(times)))
    raise SystemExit(main(words))
