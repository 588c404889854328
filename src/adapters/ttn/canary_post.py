"""Canaries through The Things Stack: uplinks that its Application Server is asked to simulate.

Nobody may publish where the MQTT server of The Things Stack publishes uplinks. But the Application Server takes an
uplink by its HTTP API (``AppAs.SimulateUplink``, The Things Stack ≥ 3.9) and hands it to all its subscribers like one
of a device, with ``simulated`` set. It needs a device ``stadtfunk-canary`` in the application, and an API key with the
right to write uplink application traffic (``RIGHT_APPLICATION_TRAFFIC_UP_WRITE``).
"""

import asyncio
import ssl
from collections.abc import Sequence
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import quote, urlsplit

import msgspec
from msgspec import Struct

from application.errors import Refused, Unavailable
from application.ports.canary_post import CANARY

_TIMEOUT_S = 10.0
_REFUSED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)
_encode = msgspec.json.Encoder().encode


class TtnCanarySettings(Struct, frozen=True, kw_only=True):
    """Which application of which server."""

    url: str
    """``https://eu1.cloud.thethings.network``."""
    application: str
    """``application@tenant``, or without tenant: the API knows the tenant by its host name."""
    api_key: str
    ca_file: str = ""
    """Authority of the server's certificate; empty: those of the system."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.url!r}, {self.application!r})"


class TtnCanaryPost:
    """One request for each canary, in a thread of its own."""

    ways = 1

    def __init__(self, settings: TtnCanarySettings) -> None:
        self._settings = settings
        application = quote(settings.application.partition("@")[0], safe="")
        self._path = f"/api/v3/as/applications/{application}/devices/{CANARY}/up/simulate"

    def way_of(self, topic: str) -> int | None:
        return 0 if topic.endswith("/up") else None

    async def send(self, nonces: Sequence[str]) -> None:
        [nonce] = nonces  # sixteen hexadecimal digits: what base64 decodes and encodes again is the same text
        status = await asyncio.to_thread(self._post, _encode({"uplink_message": {"f_port": 1, "frm_payload": nonce}}))
        if status in _REFUSED:
            raise Refused(
                f"{self._settings.url} does not simulate uplinks of device {CANARY!r} in application"
                f" {self._settings.application!r} ({status}): register the device, and give the API key the right to"
                " write uplink application traffic; or set canary = 'off'",
                setting="canary",
            )
        if status != HTTPStatus.OK:
            raise Unavailable(f"{self._settings.url} answers {status} to a simulated uplink", where=self._settings.url)

    def _post(self, body: bytes) -> int:
        headers = {"Authorization": f"Bearer {self._settings.api_key}", "Content-Type": "application/json"}
        connection = self._connection()
        try:
            connection.request("POST", self._path, body, headers)
            return connection.getresponse().status
        except (OSError, HTTPException) as error:  # errors of TLS are OSError too
            why = f"{self._settings.url} does not take a simulated uplink: {str(error) or type(error).__name__}"
            raise Unavailable(why, where=self._settings.url) from error
        finally:
            connection.close()

    def _connection(self) -> HTTPConnection:
        parts = urlsplit(self._settings.url)
        host = parts.hostname or ""
        if parts.scheme == "http":
            return HTTPConnection(host, parts.port, timeout=_TIMEOUT_S)
        try:
            context = ssl.create_default_context(cafile=self._settings.ca_file or None)
        except OSError as error:
            raise Refused(f"ca_file {self._settings.ca_file!r} cannot be used: {error}", setting="ca_file") from error
        return HTTPSConnection(host, parts.port, timeout=_TIMEOUT_S, context=context)
