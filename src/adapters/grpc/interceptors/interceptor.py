"""The interceptor: runs every handler inside the policies, and streams by write, so that each write has a deadline."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from functools import partial
from typing import Any, TypeAlias, cast

import grpc
from google.protobuf.message import DecodeError
from grpc.aio import ServerInterceptor

from adapters.grpc.errors import ReaderTooSlow
from adapters.grpc.interceptors.call import Call, Policy
from adapters.grpc.interceptors.context import Context
from adapters.grpc.interceptors.head import Head
from adapters.grpc.interceptors.request_id import request_id_of
from domain.errors import InvalidValue

Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"
Found: TypeAlias = "Handler | None"
Behaviour: TypeAlias = Callable[[Any, Context], Any]
"""What answers a call: a coroutine function, or an asynchronous generator of messages."""
Read: TypeAlias = Callable[[Any], Any]
"""Makes the request of what came in."""
Continuation: TypeAlias = "Callable[[grpc.HandlerCallDetails], Awaitable[Found]]"


class Interceptor(ServerInterceptor):
    """Surrounds every call with ``policies``, the first outermost; a message of a stream is to be taken in time.

    No service here takes a stream and answers with one message, so there is no case for it.
    """

    def __init__(self, *policies: Policy, longest_write_s: float) -> None:
        self._policies = policies
        self._longest_write_s = longest_write_s
        self._running: set[asyncio.Task[Any]] = set()

    async def idle(self, within_s: float) -> None:
        """Wait until no handler runs: gRPC's own stop returns while cancelled ones still hold a store."""
        if self._running:
            await asyncio.wait(self._running, timeout=within_s)

    async def intercept_service(
        self, continuation: Continuation, handler_call_details: grpc.HandlerCallDetails
    ) -> Found:
        """Return the handler of the method, surrounded."""
        handler = await continuation(handler_call_details)
        if handler is None:
            return None
        method = handler_call_details.method
        if handler.request_streaming:
            answer = self._streamed(cast("Behaviour", handler.stream_stream), method, _as_it_is)
            deserializer, serializer = handler.request_deserializer, handler.response_serializer
            return grpc.stream_stream_rpc_method_handler(answer, deserializer, serializer)
        parsed = partial(_parsed, handler)
        if handler.response_streaming:
            answer = self._streamed(cast("Behaviour", handler.unary_stream), method, parsed)
            return grpc.unary_stream_rpc_method_handler(answer, None, handler.response_serializer)
        answer = self._unary(cast("Behaviour", handler.unary_unary), method, parsed)
        return grpc.unary_unary_rpc_method_handler(answer, None, handler.response_serializer)

    def _unary(self, behaviour: Behaviour, method: str, read: Read) -> Behaviour:
        async def answer(raw: Any, context: Context) -> Any:  # noqa: ANN401  any message
            call = Call(method, request_id_of(context), context, Head(context), streams=False)
            async with self._surrounded(call):
                return await behaviour(read(raw), context)

        return answer

    def _streamed(self, behaviour: Behaviour, method: str, read: Read) -> Behaviour:
        async def answer(raw: Any, context: Context) -> None:  # noqa: ANN401  any message, or an iterator of them
            call = Call(method, request_id_of(context), context, Head(context), streams=True)
            async with self._surrounded(call):
                await self._stream(behaviour, read(raw), call)

        return answer

    async def _stream(self, behaviour: Behaviour, request: Any, call: Call) -> None:  # noqa: ANN401  as above
        """Run a handler that yields its messages, or one that writes them itself (as that of grpc_health)."""
        if inspect.iscoroutinefunction(behaviour):
            await call.head.send()
            await behaviour(request, call.context)
            return
        async with aclosing(behaviour(request, call.context)) as messages:
            async for message in messages:
                await self._write(call, message)

    async def _write(self, call: Call, message: object) -> None:
        try:
            async with asyncio.timeout(self._longest_write_s) as scope:
                await call.head.send()
                await call.context.write(message)
        except TimeoutError:
            if not scope.expired():
                raise
            raise ReaderTooSlow(f"a message was not taken within {self._longest_write_s:g} s") from None

    @asynccontextmanager
    async def _surrounded(self, call: Call) -> AsyncIterator[None]:
        task = asyncio.current_task()
        if task is not None:
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        async with AsyncExitStack() as stack:
            for policy in self._policies:
                await stack.enter_async_context(policy(call))
            yield


def _as_it_is(requests: Any) -> Any:  # noqa: ANN401  an iterator of messages, which gRPC reads
    return requests


def _parsed(handler: Handler, raw: bytes) -> Any:  # noqa: ANN401  any message
    """Return the request, read here and not by gRPC, which would answer a bad one with our inner words."""
    if handler.request_deserializer is None:
        return raw
    try:
        return handler.request_deserializer(raw)
    except DecodeError:
        raise InvalidValue("the request is no message of the method's type") from None
