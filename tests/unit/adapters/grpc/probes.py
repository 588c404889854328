"""Health and reflection as probes ask for them, by method name: their stubs have no types."""

import grpc
from google.protobuf.message import Message
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_reflection.v1alpha.reflection_pb2 import ServerReflectionRequest, ServerReflectionResponse


async def check(channel: grpc.aio.Channel, service: str = "") -> HealthCheckResponse:
    """Ask once how ``service`` is."""
    method = channel.unary_unary(
        "/grpc.health.v1.Health/Check", HealthCheckRequest.SerializeToString, HealthCheckResponse.FromString
    )
    return await method(HealthCheckRequest(service=service))


def watch(channel: grpc.aio.Channel, service: str = "") -> grpc.aio.UnaryStreamCall[Message, HealthCheckResponse]:
    """Ask to be told whenever ``service`` changes."""
    method = channel.unary_stream(
        "/grpc.health.v1.Health/Watch", HealthCheckRequest.SerializeToString, HealthCheckResponse.FromString
    )
    return method(HealthCheckRequest(service=service))


def status(answer: object) -> int:
    """Return the status that was read."""
    assert isinstance(answer, HealthCheckResponse)
    return answer.status


def reflect(
    channel: grpc.aio.Channel,
) -> grpc.aio.StreamStreamMultiCallable[ServerReflectionRequest, ServerReflectionResponse]:
    """Return the method that tells which services there are."""
    return channel.stream_stream(
        "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
        ServerReflectionRequest.SerializeToString,
        ServerReflectionResponse.FromString,
    )
