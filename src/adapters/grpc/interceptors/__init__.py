"""What surrounds every call, from the outside in: request id, failures, deadline or stream limits."""

from adapters.grpc.interceptors.call import Call, Policy
from adapters.grpc.interceptors.context import Context
from adapters.grpc.interceptors.deadline import Deadline
from adapters.grpc.interceptors.failures import failures_as_status
from adapters.grpc.interceptors.interceptor import Interceptor
from adapters.grpc.interceptors.request_id import REQUEST_ID_HEADER
from adapters.grpc.interceptors.streams import OpenStreams

__all__ = [
    "REQUEST_ID_HEADER",
    "Call",
    "Context",
    "Deadline",
    "Interceptor",
    "OpenStreams",
    "Policy",
    "failures_as_status",
]
