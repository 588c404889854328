"""Asks the Storage Integration of The Things Stack page by page, and takes whatever order and way it pages in.

Source: The Things Stack documentation, "Storage Integration", and its API ``ApplicationUpStorage``. The token of the
next page comes in a header where the server hands it through (its own HTTP gateway does not, lorawan-stack
``pkg/rpcserver/rpcserver.go``); without one the next page begins at the time of the last message; and where the
messages did not come by time the range is halved until each half fits one page. A page that is shorter than was asked
for need not be the last: the server may have a limit of its own.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from importlib.metadata import version
from secrets import SystemRandom
from types import TracebackType
from typing import Self

import aiohttp
import msgspec
from msgspec import Struct

from adapters.ttn_storage import refusals
from adapters.ttn_storage.event_stream import EventStream, TooLong
from adapters.ttn_storage.page import Page
from adapters.ttn_storage.refusals import Unreachable
from adapters.ttn_storage.settings import StorageSettings
from adapters.ttn_storage.stored_message import Document, document_of, head_of, raw_uplink, with_dev_eui
from application.errors import Refused, Unavailable
from application.ports.clock import Clock
from application.ports.uplink_log import RawUplink
from application.ports.uplink_storage import Asked, DeviceNames
from domain.rfc3339 import format_rfc3339

_chance = SystemRandom()

_NS_PER_US = 1_000
_NARROWEST_NS = 1_000_000
"""A millisecond: no application has a thousand messages in it."""
_SURELY_LAST = 50
"""Messages: a shorter page is the last one. No server will have a limit below that."""
_UPLINKS = "uplink_message"
_TOKENS = ("X-Continuation-Token", "Grpc-Metadata-X-Continuation-Token")
_SHOWN_BYTES = 4_096
"""Of the body of an error."""
_NAMED_BY_EUI = "eui-"
"""The console proposes ``eui-70b3d57ed0000001`` as the name of a device."""


class _Question(Struct, frozen=True):
    """One kind of message of one application."""

    application: str
    """``my-application@ttn``."""
    device_id: str
    kind: str

    @property
    def application_id(self) -> str:
        return self.application.partition("@")[0]


class TtnUplinkStorage:
    """Open between ``async with``; one answer at a time, each held back until its page is taken."""

    def __init__(self, settings: StorageSettings, clock: Clock, names: DeviceNames) -> None:
        self._settings = settings
        self._clock = clock
        self._names = names
        self._session: aiohttp.ClientSession | None = None
        self.requests = 0
        """How many were made."""

    async def __aenter__(self) -> Self:
        """Make ready; nothing is asked yet.

        Raises:
            Refused: the certificates we should trust cannot be read.
        """
        settings = self._settings
        try:
            trusted = ssl.create_default_context(cafile=settings.ca_file or None)
        except OSError as error:
            raise refusals.of_ca_file(settings, error) from error
        headers = {"Accept": "text/event-stream", "User-Agent": f"stadtfunk/{version('stadtfunk')}"}
        if settings.key:
            headers["Authorization"] = f"Bearer {settings.key}"
        patience = aiohttp.ClientTimeout(
            settings.answer_s, sock_connect=settings.connect_s, sock_read=settings.silent_s
        )
        connector = aiohttp.TCPConnector(ssl=trusted, limit=1)
        self._session = aiohttp.ClientSession(headers=headers, timeout=patience, connector=connector)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def stored(self, asked: Asked) -> AsyncIterator[Sequence[RawUplink]]:
        kinds = (_UPLINKS,) if asked.device_id else self._settings.types
        for application in self._settings.applications:
            if asked.application_id in ("", application.partition("@")[0]):
                for kind in kinds:
                    async for uplinks in self._answers(_Question(application, asked.device_id, kind), asked):
                        yield uplinks

    async def _answers(self, question: _Question, asked: Asked) -> AsyncIterator[Sequence[RawUplink]]:
        ranges = [(asked.since_us * _NS_PER_US, asked.until_us * _NS_PER_US)]
        followed: set[str] = set()
        while ranges:
            begin, end = ranges.pop()
            token = ""
            while True:
                page, is_whole = await self._page(question, begin, end, token)
                if page.uplinks:
                    yield page.uplinks
                if is_whole and self._is_last(page, begin):
                    break
                token = page.token if is_whole and page.token not in followed else ""
                followed.add(token)  # one that comes again leads round in a circle
                if page.is_ascending and page.last_ns > begin:
                    begin = page.last_ns
                elif not token:
                    ranges += self._halves(question, begin, end)
                    break

    def _is_last(self, page: Page, begin: int) -> bool:
        most = self._settings.page
        tells_nothing_new = page.is_ascending and page.last_ns == begin and len(page.uplinks) < most
        return len(page.uplinks) < min(most, _SURELY_LAST) or tells_nothing_new

    def _halves(self, question: _Question, begin: int, end: int) -> list[tuple[int, int]]:
        middle = (begin + end) // 2
        if end - begin < _NARROWEST_NS:
            raise Unavailable(
                f"{self._settings.url} has more than {self._settings.page} messages of {question.application!r}"
                f" at {format_rfc3339(begin)} and does not tell them apart"
            )
        return [(middle, end), (begin, middle)]

    async def _page(self, question: _Question, begin: int, end: int, token: str) -> tuple[Page, bool]:
        """Return an answer, and whether it is whole; what was broken off is asked on from where it ended."""
        why = ""
        for attempt in range(self._settings.attempts):
            page = Page()
            try:
                await self._read(question, self._parameters(begin, end, token), page)
            except Unreachable as error:
                if page.is_ascending and page.last_ns > begin:
                    return page, False
                why = error.why
                if attempt + 1 < self._settings.attempts:
                    await asyncio.sleep(self._pause_s(attempt, error.wait_s))
            except Refused:
                if not token:
                    raise
                token = ""  # it is of no use any more: time leads on as well
            else:
                return page, True
        raise Unavailable(
            f"{self._settings.url} did not tell what it stores of {question.application!r}"
            f" in {self._settings.attempts} attempts: {why}",
            url=self._settings.url,
        )

    def _parameters(self, begin: int, end: int, token: str) -> Mapping[str, str]:
        if token:
            return {"continuation_token": token}
        # One before the first: whether ``after`` includes its instant is not said.
        after = format_rfc3339(begin - 1)
        before = format_rfc3339(end)
        return {"after": after, "before": before, "order": "received_at", "limit": str(self._settings.page)}

    def _pause_s(self, attempt: int, wait_s: float) -> float:
        settings = self._settings
        grown_s = settings.first_pause_s * 2.0**attempt * _chance.uniform(0.5, 1.0)
        return min(settings.longest_pause_s, max(grown_s, wait_s + (_chance.uniform(0.0, 1.0) if wait_s else 0.0)))

    async def _read(self, question: _Question, parameters: Mapping[str, str], page: Page) -> None:
        """Read an answer into ``page``.

        Raises:
            Unreachable: it did not come, or not to its end; what came is in ``page``.
            Refused: the server will not answer.
        """
        settings = self._settings
        if self._session is None:
            raise Unavailable("the store is not open: use `async with`")
        address = settings.address(question.application_id, question.device_id, question.kind)
        self.requests += 1
        try:
            async with self._session.get(address, params=parameters, allow_redirects=False) as response:
                if response.status != 200:  # noqa: PLR2004  OK
                    headers = {name.lower(): value for name, value in response.headers.items()}
                    body = await response.content.read(_SHOWN_BYTES)
                    raise refusals.of_status(settings, question.application_id, response.status, headers, body)
                page.token = next((response.headers[name] for name in _TOKENS if response.headers.get(name)), "")
                await self._read_stream(response.content, question, page)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise refusals.of_connecting(settings, error) from error

    async def _read_stream(self, content: aiohttp.StreamReader, question: _Question, page: Page) -> None:
        stream = EventStream()
        try:
            async for data in content.iter_any():
                for text in stream.documents(data):
                    await self._take(text, question, page)
                if len(page.uplinks) >= 2 * self._settings.page:
                    raise Unreachable("it tells more than it was asked for")
        except TooLong:
            raise refusals.of_nonsense(self._settings, b"") from None
        for text in stream.last():
            await self._take(text, question, page)

    async def _take(self, text: bytes, question: _Question, page: Page) -> None:
        document = self._document(text)
        if document.error is not None:
            error = document.error
            raise refusals.of_stream_error(self._settings, question.application_id, error.code, error.message)
        try:
            head, message = head_of(document.result), document.result
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise refusals.of_nonsense(self._settings, text) from None
        ids = head.end_device_ids
        if not ids.dev_eui and (dev_eui := await self._dev_eui(question.application_id, ids.device_id)):
            message = with_dev_eui(message, dev_eui)
        now_us, source = self._clock.now_us(), self._settings.source
        uplink = raw_uplink(message, source, question.application, ids.device_id, question.kind, now_us)
        page.add(uplink, head.received_ns)

    def _document(self, text: bytes) -> Document:
        try:
            document = document_of(text)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise refusals.of_nonsense(self._settings, text) from None
        if document.error is None and not bytes(document.result):
            raise refusals.of_nonsense(self._settings, text)
        return document

    async def _dev_eui(self, application_id: str, device_id: str) -> str:
        if device_id.startswith(_NAMED_BY_EUI):
            return device_id.removeprefix(_NAMED_BY_EUI)
        return await self._names.dev_eui(application_id, device_id)
