"""One call, as those see it who surround it."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TypeAlias

from msgspec import Struct

from adapters.grpc.interceptors.context import Context
from adapters.grpc.interceptors.head import Head


class Call(Struct, frozen=True):
    """A call being answered."""

    method: str
    """``/stadtfunk.api.reading.v1.ReadingService/ListReadings``."""
    request_id: str
    """By which client and operator can speak of the call."""
    context: Context
    head: Head
    streams: bool
    """Whether the answer is a stream."""

    @property
    def is_ours(self) -> bool:
        """Say whether it asks the city's API, not for health or reflection."""
        return self.method.startswith("/stadtfunk.")


Policy: TypeAlias = Callable[[Call], AbstractAsyncContextManager[None]]
"""What is done around a call; it may replace the exceptions that end it."""
