"""Health (grpc.health.v1): whether the server as a whole (the empty name), and each of its services, answers."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from grpc_health.v1 import health, health_pb2

_WATCHERS_S = 1.0
"""For telling watchers; one that does not read must not delay the stop."""

Health = health.aio.HealthServicer
SERVICE_NAME = health.SERVICE_NAME


async def say_serving(servicer: Health, services: Sequence[str]) -> None:
    """Say that the server and each of ``services`` answers."""
    for service in ("", *services):
        await servicer.set(service, health_pb2.HealthCheckResponse.SERVING)


async def say_not_serving(servicer: Health) -> None:
    """Say, for good, that nothing answers any more."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_WATCHERS_S):
            await servicer.enter_graceful_shutdown()
