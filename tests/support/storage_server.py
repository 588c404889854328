"""The Storage Integration of The Things Stack, as far as a client can tell: HTTP/1.1 on loopback, in this process.

Made after its documentation ("Storage Integration", "Rate limiting", "Errors") and API
(``applicationserver_integrations_storage.proto``; grpc-gateway's framing). It drops of a message what the real one does
not store (answers of 2021 and 2023: no ``session_key_id``, ``correlation_ids``, ``join_eui``, ``uplink_token``).
"""

import asyncio
import base64
import copy
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

from msgspec import Struct

from domain.rfc3339 import format_rfc3339, parse_rfc3339

Json = dict[str, Any]
KINDS = {"up": "uplink_message", "join": "join_accept", "location/solved": "location_solved"}
_STATUS = {200: "OK", 302: "Found", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found"}
_LONG_AGO = "1970-01-01T00:00:00Z"
_FAR_AWAY = "2200-01-01T00:00:00Z"


class Status(Struct, frozen=True):
    """The next answer is this status."""

    code: int
    headers: Mapping[str, str] = {}
    message: str = "error:pkg/ratelimit:rate_limit_exceeded (rate limit of `10` per minute exceeded)"


class Cut(Struct, frozen=True):
    """The connection of the next answer breaks after so many messages, in the middle of the one that follows."""

    after: int


class Silence(Struct, frozen=True):
    """The next answer stops after so many messages, for so long."""

    after: int
    seconds: float


class BreakOff(Struct, frozen=True):
    """The next answer ends with an error of gRPC after so many messages."""

    after: int
    code: int = 14
    message: str = "transport is closing"


class Nonsense(Struct, frozen=True):
    """The next answer is this body, with status 200."""

    body: bytes


Fault = Status | Cut | Silence | BreakOff | Nonsense


class StorageServer:
    """Keeps messages, and answers as the real one does; what is to go wrong stands in ``faults``."""

    def __init__(self, key: str = "NNSXS.KEY", rights: Sequence[str] = ()) -> None:
        self.key = key
        self.rights = rights
        """Applications that the key may read; none: all."""
        self.faults: list[Fault] = []
        """One for each of the next requests."""
        self.gives_tokens = False
        self.keeps_order = True
        """False: pages have no order at all."""
        self.most = 10_000
        """Messages of a page, whatever was asked for."""
        self.begins_with = ""
        """What stands before each message: ``data: `` for a strict event stream."""
        self.requests: list[tuple[str, dict[str, str]]] = []
        """Path and parameters of each."""
        self.nameless: set[str] = set()
        """Devices whose messages are given without DevEUI."""
        self._kept: list[tuple[str, str, int, Json]] = []
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    @property
    def url(self) -> str:
        """Where it is."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def keep(self, topic: str, body: bytes, at_us: int = 0) -> None:
        """Store a message that is published on ``topic``; what is none of those it stores is passed over.

        ``at_us``: when the Application Server hands it out, if that is not what it says.
        """
        with suppress(ValueError, KeyError, TypeError):
            message = json.loads(body)
            kind = KINDS["/".join(topic.rpartition("/devices/")[2].split("/")[1:])]
            application = message["end_device_ids"]["application_ids"]["application_id"]
            if at_us:
                message["received_at"] = format_rfc3339(at_us * 1_000)
            if kind in message:
                received_ns = parse_rfc3339(message["received_at"])
                self._kept.append((application, kind, received_ns, _as_stored(message)))

    def __len__(self) -> int:
        return len(self._kept)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                first, *lines = head.decode().split("\r\n")
                headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
                if not await self._answered(writer, first.split()[1], headers):
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client has gone
        finally:
            writer.transport.abort()

    async def _answered(self, writer: asyncio.StreamWriter, target: str, headers: Mapping[str, str]) -> bool:
        """Answer one request; False: the connection is of no use any more."""
        split = urlsplit(target)
        parameters = {name: values[0] for name, values in parse_qs(split.query).items()}
        self.requests.append((split.path, parameters))
        fault = self.faults.pop(0) if self.faults else None
        if isinstance(fault, Status):
            return _refuse(writer, fault.code, fault.message, fault.headers)
        if isinstance(fault, Nonsense):
            writer.write(_head(200, {"Content-Length": str(len(fault.body))}) + fault.body)
            return True
        if headers.get("authorization") != f"Bearer {self.key}":
            return _refuse(writer, 401, "error:pkg/auth:invalid_token (invalid token)")
        parts = [unquote(part) for part in split.path.split("/")]
        if parts[:5] != ["", "api", "v3", "as", "applications"] or "storage" not in parts:
            return _refuse(writer, 404, "Not Found")
        if self.rights and parts[5] not in self.rights:
            return _refuse(writer, 403, "error:pkg/auth/rights:no_application_rights (no rights)")
        separator = b"\n\n" if headers.get("accept") == "text/event-stream" else b"\n"
        return await self._stream(writer, parts, parameters, fault, separator)

    async def _stream(
        self,
        writer: asyncio.StreamWriter,
        parts: Sequence[str],
        parameters: Mapping[str, str],
        fault: Fault | None,
        separator: bytes,
    ) -> bool:
        if token := parameters.get("continuation_token"):
            try:
                parameters = json.loads(base64.b64decode(token))
            except ValueError:
                return _refuse(writer, 400, "error:pkg/storage:invalid_token (invalid continuation token)")
        page, rest = self._page(parts, parameters)
        more = {}
        if self.gives_tokens and rest:
            following = {**parameters, "skip": str(int(parameters.get("skip", "0")) + len(page))}
            more["X-Continuation-Token"] = base64.b64encode(json.dumps(following).encode()).decode()
        writer.write(_head(200, {"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked", **more}))
        for number, message in enumerate([*page, None]):
            if isinstance(fault, Cut) and number == fault.after:
                writer.write(b'40\r\n{"result":{"end_devi')
                await writer.drain()
                writer.transport.abort()
                return False
            if isinstance(fault, BreakOff) and number == fault.after:
                _chunk(writer, json.dumps({"error": {"code": fault.code, "message": fault.message}}).encode())
                break
            if isinstance(fault, Silence) and number == fault.after:
                await writer.drain()
                await asyncio.sleep(fault.seconds)
            if message is not None:
                text = json.dumps({"result": self._given(message)}, separators=(",", ":"), ensure_ascii=False)
                _chunk(writer, self.begins_with.encode() + text.encode() + separator)
                await writer.drain()
        writer.write(b"0\r\n\r\n")
        await writer.drain()
        return True

    def _page(self, parts: Sequence[str], parameters: Mapping[str, str]) -> tuple[list[Json], int]:
        """Return one page, and how many messages are left behind it."""
        after = parse_rfc3339(parameters.get("after", _LONG_AGO))
        before = parse_rfc3339(parameters.get("before", _FAR_AWAY))
        device = parts[7] if parts[6] == "devices" else ""
        found = [
            (received_ns, message)
            for application, kind, received_ns, message in self._kept
            if application == parts[5]
            and kind == parts[-1]
            and after < received_ns < before
            and device in ("", message["end_device_ids"]["device_id"])
        ]
        if self.keeps_order:
            found.sort(key=lambda each: each[0], reverse=parameters.get("order") == "-received_at")
        else:
            found.sort(key=lambda each: hash(str(each[0])[::-1]) % 1_009)
        skip, limit = int(parameters.get("skip", "0")), min(int(parameters.get("limit", "0")) or self.most, self.most)
        return [message for _, message in found[skip : skip + limit]], max(0, len(found) - skip - limit)

    def _given(self, message: Json) -> Json:
        if message["end_device_ids"]["device_id"] not in self.nameless:
            return message
        given = copy.deepcopy(message)
        del given["end_device_ids"]["dev_eui"]
        return given


def _as_stored(message: Json) -> Json:
    stored: Json = copy.deepcopy(message)
    stored.pop("correlation_ids", None)
    stored["end_device_ids"].pop("join_eui", None)
    uplink = stored.get("uplink_message")
    if uplink is not None:
        uplink.pop("session_key_id", None)
        for heard in uplink.get("rx_metadata", []):
            heard.pop("uplink_token", None)
    return stored


def _head(code: int, headers: Mapping[str, str]) -> bytes:
    limits = {"X-Rate-Limit-Limit": "300", "X-Rate-Limit-Available": "299", "X-Rate-Limit-Reset": "1"}
    lines = [f"HTTP/1.1 {code} {_STATUS.get(code, 'Error')}"]
    lines += [f"{name}: {value}" for name, value in {**limits, **headers}.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _refuse(writer: asyncio.StreamWriter, code: int, message: str, headers: Mapping[str, str] | None = None) -> bool:
    body = json.dumps({"code": 2, "message": message, "details": []}).encode()
    said = {"Content-Type": "application/json", "Content-Length": str(len(body)), **(headers or {})}
    writer.write(_head(code, said) + body)
    return True


def _chunk(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
