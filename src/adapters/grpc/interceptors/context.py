"""What gRPC gives a handler beside the request."""

from typing import TypeAlias

from grpc.aio import ServicerContext

Context: TypeAlias = "ServicerContext[object, object]"
