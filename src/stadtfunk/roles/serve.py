"""``stadtfunk serve``: answer city applications from Cassandra."""

import argparse
import asyncio
from contextlib import AsyncExitStack

import msgspec

from stadtfunk.commands.words import Asked, Words, settings_of
from stadtfunk.container.distributed import Distributed
from stadtfunk.roles.distributed import Running, run_role
from stadtfunk.roles.reporting import say
from stadtfunk.roles.supervision import run_to_its_end


def add(words: Words, settings: argparse.ArgumentParser) -> None:
    """Add the word."""
    serve = words.add_parser("serve", parents=[settings], help="one role: answer gRPC from Cassandra")
    serve.add_argument("--insecure", action="store_true", help="serve without TLS on other than loopback addresses")
    serve.set_defaults(do=_serve)


def _serve(asked: Asked) -> None:
    settings = settings_of(asked)
    if asked.insecure:
        grpc = msgspec.structs.replace(settings.grpc, insecure=True)
        settings = msgspec.structs.replace(settings, grpc=grpc)
    run_to_its_end(run_role(settings, "serve", Distributed, _start))


async def _start(container: Distributed, stack: AsyncExitStack) -> Running:
    session = await stack.enter_async_context(container.session())
    # It connects when something is first registered: reading must not depend on Kafka.
    stack.push_async_exit(container.producer())
    server = await stack.enter_async_context(container.server())
    say(f"serve: gRPC on {container.settings().grpc.host}:{server.port}")
    stopped = asyncio.Event()

    async def drain() -> None:
        stopped.set()

    return Running({}, [], drain, lasting=[session.watch(stopped)])
