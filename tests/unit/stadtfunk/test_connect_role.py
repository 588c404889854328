"""``stadtfunk connect`` as it starts."""

from contextlib import AsyncExitStack
from typing import NoReturn

import pytest
from dependency_injector import providers

from application.errors import Unavailable, WrongShape
from stadtfunk.container.distributed import Distributed
from stadtfunk.roles import connect
from stadtfunk.settings import Settings


class _Gone:
    """Topics of a broker that has gone away."""

    async def __aenter__(self) -> NoReturn:
        raise Unavailable("the broker is gone")

    async def __aexit__(self, *_: object) -> None:
        """Close nothing."""


async def test_what_is_wrong_with_the_topics_is_its_end_though_it_cannot_be_reported(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def missing(_: object) -> None:
        raise WrongShape("topic 'observations' is missing")

    monkeypatch.setattr(connect, "check_topics", missing)
    container = Distributed(settings=Settings())
    container.topics_migration.override(providers.Factory(_Gone))
    async with AsyncExitStack() as stack:
        with pytest.raises(WrongShape, match="topic 'observations' is missing"):
            await connect._start([], container, stack)
    assert caplog.messages == ["the state of the connectors cannot be told: the broker is gone"]
