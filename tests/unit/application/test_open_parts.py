"""What fails while parts are closed does not hide why they are closed."""

import asyncio
from types import TracebackType
from typing import Self

import pytest

from application.errors import Unavailable
from application.open_parts import OpenParts


class Part:
    """Something open, that may not be closed without trouble."""

    def __init__(self, trouble: BaseException | None = None) -> None:
        self.trouble = trouble
        self.given: BaseException | None = None
        self.closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.given, self.closed = error, True
        if self.trouble is not None:
            raise self.trouble


async def fails_while_open(*parts: Part, error: BaseException) -> None:
    """Open ``parts``, and raise."""
    async with OpenParts() as open_:
        for part in parts:
            await open_.enter_async_context(part)
        raise error


async def opened_and_closed(*parts: Part) -> None:
    """Open ``parts``, and close them."""
    async with OpenParts() as open_:
        for part in parts:
            await open_.enter_async_context(part)


async def test_the_first_error_stays_and_the_later_one_is_told(caplog: pytest.LogCaptureFixture) -> None:
    first = ValueError("a bug")
    below, above = Part(), Part(ConnectionError("gone"))
    with pytest.raises(ValueError, match="a bug"):
        await fails_while_open(below, above, error=first)
    assert below.given is first
    assert "closing failed too: gone" in caplog.text
    assert "ConnectionError: gone" in caplog.text


async def test_a_later_error_that_has_words_for_an_operator_is_one_line(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(Unavailable, match="the disk is full"):
        await fails_while_open(Part(Unavailable("no room here either")), error=Unavailable("the disk is full"))
    assert caplog.messages == ["closing failed too: no room here either"]
    assert "Traceback" not in caplog.text


async def test_a_part_that_a_library_breaks_off_in_closing_hides_nothing_either() -> None:
    below = Part()
    with pytest.raises(ValueError, match="a bug"):
        await fails_while_open(below, Part(asyncio.CancelledError()), error=ValueError("a bug"))
    assert below.closed


async def test_where_nothing_failed_before_it_is_the_error() -> None:
    below, above = Part(ValueError("later still")), Part(ConnectionError("gone"))
    with pytest.raises(ConnectionError, match="gone"):
        await opened_and_closed(below, above)
    assert isinstance(below.given, ConnectionError)


async def test_of_who_is_told_to_end_a_failure_in_closing_is_an_error() -> None:
    with pytest.raises(ConnectionError, match="gone"):
        await fails_while_open(Part(ConnectionError("gone")), error=asyncio.CancelledError())


async def test_what_is_not_open_yet_is_closed_too_if_it_is_to() -> None:
    part = Part()
    async with OpenParts() as open_:
        open_.push_async_exit(part)
    assert part.closed
