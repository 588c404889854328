"""What everybody who sends canaries promises."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

import pytest

from application.errors import Refused, Unavailable
from application.ports.canary_post import CANARY, CanaryPost
from application.ports.uplink_log import RawUplink
from tests.support.eventually import soon, until

NONCES = ("0123456789ab0000", "0123456789ab0001", "0123456789ab0002")


class FarEnd(Protocol):
    """Where messages come from, with a source that listens there."""

    def post(self) -> AbstractAsyncContextManager[CanaryPost]:
        """Open somebody who sends canaries there."""

    def came(self) -> Sequence[RawUplink]:
        """Return all that came in."""

    def go_away(self) -> None:
        """Take no more."""

    def refuse(self) -> None:
        """Let nobody send canaries."""


OpenFarEnd = Callable[[], AbstractAsyncContextManager[FarEnd]]


class CanaryPostContract:
    """Subclass with a fixture ``open_far_end``."""

    async def test_each_canary_comes_in_with_its_name_and_its_nonce(self, open_far_end: OpenFarEnd) -> None:
        async with open_far_end() as far, far.post() as post:
            nonces = NONCES[: post.ways]
            await soon(post.send(nonces))
            await until(lambda: len(far.came()) >= post.ways)
            assert all(CANARY in each.topic for each in far.came())
            assert all(any(nonce.encode() in each.body for each in far.came()) for nonce in nonces)

    async def test_the_way_of_each_canary_is_known_by_its_topic(self, open_far_end: OpenFarEnd) -> None:
        async with open_far_end() as far, far.post() as post:
            await soon(post.send(NONCES[: post.ways]))
            await until(lambda: len(far.came()) >= post.ways)
            assert {post.way_of(each.topic) for each in far.came()} == set(range(post.ways))

    async def test_one_after_the_other_comes_in(self, open_far_end: OpenFarEnd) -> None:
        async with open_far_end() as far, far.post() as post:
            for _ in range(3):
                await soon(post.send(NONCES[: post.ways]))
            await until(lambda: len(far.came()) >= 3 * post.ways)

    async def test_a_far_end_that_is_away_is_no_matter_of_settings(self, open_far_end: OpenFarEnd) -> None:
        async with open_far_end() as far, far.post() as post:
            far.go_away()
            with pytest.raises(Unavailable):
                await soon(post.send(NONCES[: post.ways]))

    async def test_a_far_end_that_will_have_none_names_the_setting(self, open_far_end: OpenFarEnd) -> None:
        async with open_far_end() as far, far.post() as post:
            far.refuse()
            with pytest.raises(Refused) as refusal:
                await soon(post.send(NONCES[: post.ways]))
        assert refusal.value.attributes["setting"]
