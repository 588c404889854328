"""A running server."""

from collections.abc import AsyncIterator

import pytest

from tests.unit.adapters.grpc.platform import Platform


@pytest.fixture
async def platform() -> AsyncIterator[Platform]:
    """Run a server on empty stores."""
    async with Platform().running() as running:
        yield running
