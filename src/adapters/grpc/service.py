"""A service that the server offers beside others: a servicer, and how it is added."""

from collections.abc import Callable
from typing import TypeVar

import grpc
from google.protobuf.descriptor import FileDescriptor
from msgspec import Struct

Servicer = TypeVar("Servicer")


class Service(Struct, frozen=True):
    """One service of the API."""

    name: str
    """Its full name, under which health and reflection know it."""
    add: Callable[[grpc.aio.Server], None]


def service(
    file: FileDescriptor, name: str, add: Callable[[Servicer, grpc.aio.Server], None], servicer: Servicer
) -> Service:
    """Return the service ``name`` of the proto ``file``; ``add`` is ``add_…Servicer_to_server``."""
    return Service(file.services_by_name[name].full_name, lambda server: add(servicer, server))
