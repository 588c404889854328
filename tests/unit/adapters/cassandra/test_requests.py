"""A request has its end even where the driver says nothing any more."""

import asyncio

import pytest

from adapters.cassandra import requests
from adapters.cassandra.requests import Requests
from adapters.cassandra.settings import ClusterSettings
from application.errors import Unavailable

SETTINGS = ClusterSettings(contact_points=("127.0.0.1",), local_dc="datacenter1", request_timeout_s=0.1)


class SilentDriver:
    """Takes requests, and its thread is dead."""

    def __init__(self) -> None:
        self.asked = 0
        self.is_closed = False

    def execute_async(self, *_: object, **__: object) -> "SilentDriver":
        self.asked += 1
        return self

    def add_callbacks(self, *_: object) -> None:
        """Never call back."""

    def close(self, _: object) -> None:
        self.is_closed = True


async def test_a_driver_that_never_answers_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "_SILENCE_S", 0.05)
    driver = SilentDriver()
    monkeypatch.setattr(requests, "prepared", lambda *_: driver)
    monkeypatch.setattr(requests, "disconnect", driver.close)
    async with Requests(SETTINGS, lambda _: None) as at_work:
        deadline = asyncio.get_running_loop().time() + 0.5
        with pytest.raises(Unavailable, match="no answer in time"):
            await at_work.answer(lambda: None, deadline)
    assert driver.asked > 1
    assert driver.is_closed
