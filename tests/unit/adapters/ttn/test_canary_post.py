"""Canaries through The Things Stack: against a server of our own that answers as its Application Server does.

Faithful in what is used: path and method of ``AppAs.SimulateUplink``, bearer token, 200 with ``{}``, 401, 403 and 404
with an error object, and the message it then publishes, with ``simulated`` and the payload as base64.
"""

import base64
import json
import re
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from adapters.ttn.canary_post import TtnCanaryPost, TtnCanarySettings
from application.ports.canary_post import CanaryPost
from application.ports.uplink_log import RawUplink
from tests.contract.canary_post import CanaryPostContract, FarEnd, OpenFarEnd

_PATH = re.compile(r"/api/v3/as/applications/([a-z0-9-]+)/devices/([a-z0-9-]+)/up/simulate")
_KEY = "NNSXS.SECRET"


class ApplicationServer(ThreadingHTTPServer):
    """Takes simulated uplinks and publishes them, to a list."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Simulate)
        self.published: list[RawUplink] = []
        self.refuses = False


class Simulate(BaseHTTPRequestHandler):
    """One request."""

    server: ApplicationServer

    def do_POST(self) -> None:
        """Take a simulated uplink."""
        known = _PATH.fullmatch(self.path)
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.server.refuses or self.headers["Authorization"] != f"Bearer {_KEY}":
            self._answer(403, {"code": 7, "message": "error:pkg/auth/rights:insufficient_rights"})
        elif known is None:
            self._answer(404, {"code": 5, "message": "error:pkg/networkserver:device_not_found"})
        else:
            self._publish(known[1], known[2], said["uplink_message"])
            self._answer(200, {})

    def _publish(self, application: str, device: str, uplink: dict[str, object]) -> None:
        payload = base64.b64encode(base64.b64decode(str(uplink["frm_payload"]), validate=True)).decode()
        body = {
            "end_device_ids": {"device_id": device, "application_ids": {"application_id": application}},
            "simulated": True,
            "uplink_message": {**uplink, "frm_payload": payload},
        }
        topic = f"v3/{application}@ttn/devices/{device}/up"
        self.server.published.append(RawUplink("ttn", "tts", topic, json.dumps(body).encode(), 1))

    def _answer(self, status: int, said: object) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *said: object) -> None:
        """Say nothing."""


class Stack:
    """The server, and what asks it."""

    def __init__(self, server: ApplicationServer) -> None:
        self._server = server
        self.url = f"http://127.0.0.1:{server.server_port}"

    @asynccontextmanager
    async def post(self) -> AsyncIterator[CanaryPost]:
        yield TtnCanaryPost(TtnCanarySettings(url=self.url, application="swu-water@ttn", api_key=_KEY))

    def came(self) -> Sequence[RawUplink]:
        return self._server.published

    def go_away(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def refuse(self) -> None:
        self._server.refuses = True


@asynccontextmanager
async def a_stack() -> AsyncIterator[FarEnd]:
    """Start a server."""
    server = ApplicationServer()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Stack(server)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class TestTtnCanaryPost(CanaryPostContract):
    @pytest.fixture
    def open_far_end(self) -> OpenFarEnd:
        return a_stack


def test_its_settings_show_no_key() -> None:
    assert _KEY not in repr(TtnCanarySettings(url="https://eu1", application="a@ttn", api_key=_KEY))
