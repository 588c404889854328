"""Why the store did not answer: for good, because of a setting (``Refused``), or for now (``Unreachable``)."""

import ssl
from collections.abc import Mapping

import aiohttp
import msgspec
from msgspec import Struct

from adapters.ttn_storage.settings import StorageSettings
from application.errors import Refused

_UNAUTHENTICATED, _FORBIDDEN, _NOT_FOUND, _TOO_MANY = 401, 403, 404, 429
_FOR_NOW = frozenset({408, 425, _TOO_MANY, 500, 502, 503, 504})
_REDIRECTS = range(300, 400)
_WAIT_HEADERS = ("x-rate-limit-retry", "retry-after", "x-rate-limit-reset")
"""Seconds: the first two say when to come again (lorawan-stack ``pkg/ratelimit/result.go``, RFC 9110, section 10.2.3),
the last when all is free again."""
_CANCELLED, _EXHAUSTED, _OF_RIGHTS = 1, 8, {7: _FORBIDDEN, 16: _UNAUTHENTICATED, 5: _NOT_FOUND}
"""gRPC status codes."""
_LONGEST_REASON = 300


class Unreachable(Exception):
    """An attempt came to nothing; another may do better."""

    def __init__(self, why: str, wait_s: float = 0.0) -> None:
        super().__init__(why)
        self.why = why
        self.wait_s = wait_s
        """When the server wants to be asked again; 0: it does not say."""


class _Said(Struct, frozen=True):
    message: str = ""


def of_status(
    settings: StorageSettings, application: str, status: int, headers: Mapping[str, str], body: bytes
) -> Refused | Unreachable:
    """Return what it means that the store of ``application`` answered with ``status``."""
    said = _said(body)
    if status in _FOR_NOW:
        what = "it asks for fewer requests" if status == _TOO_MANY else "it cannot answer now"
        return Unreachable(f"{what} (HTTP {status}{said})", _wait_s(headers))
    if status in _REDIRECTS:
        target = "".join(each for each in headers.get("location", "elsewhere") if each.isprintable())
        why = f"it sends us to {target}: a key goes nowhere that was not named, set storage_url to where it is"
        return Refused(f"{settings.url}: {why}", setting="storage_url")
    return _refused(settings, application, status, said)


def of_stream_error(settings: StorageSettings, application: str, code: int, message: str) -> Refused | Unreachable:
    """Return what it means that the server ended its answer with an error."""
    said = _shown(message)
    if code in _OF_RIGHTS:
        return _refused(settings, application, _OF_RIGHTS[code], said)
    return Unreachable(f"it broke off its answer (gRPC {code}{said})")


def of_connecting(settings: StorageSettings, error: Exception) -> Refused | Unreachable:
    """Return what it means that there was no answer, or not the whole of it."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientConnectorSSLError):
        return _of_tls(settings, error.certificate_error if hasattr(error, "certificate_error") else error.os_error)
    if isinstance(error, TimeoutError):
        return _of_patience(settings, error)
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return Unreachable(f"its name does not resolve: {error.os_error.strerror}")
    if isinstance(error, aiohttp.ClientConnectorError):
        return Unreachable(error.os_error.strerror or "no connection")
    if isinstance(error, aiohttp.InvalidURL):
        return Refused(f"storage_url {settings.url!r} is no address", setting="storage_url")
    return Unreachable(f"its answer was cut off ({type(error).__name__})")


def of_ca_file(settings: StorageSettings, error: OSError) -> Refused:
    """Return that the certificates we should trust cannot be read."""
    why = error.strerror or str(error)
    return Refused(f"storage_ca_file {settings.ca_file!r} cannot be used: {why}", setting="storage_ca_file")


def of_nonsense(settings: StorageSettings, text: bytes) -> Refused:
    """Return that what answers there is no store of messages."""
    begin = _shown(text[:60].decode(errors="replace"))
    return Refused(
        f"{settings.url} does not answer as a Storage Integration does{begin}: correct storage_url",
        setting="storage_url",
    )


def _refused(settings: StorageSettings, application: str, status: int, said: str) -> Refused:
    where, whose = settings.url, f"application {application!r}"
    if status == _UNAUTHENTICATED:
        why = "does not know our key: put a valid API key into storage_key_file"
        return Refused(f"{where} {why}{said}", setting="storage_key_file")
    if status == _FORBIDDEN:
        why = f"does not let our key read {whose}: give it the right to read application traffic (uplinks)"
        return Refused(f"{where} {why}{said}", setting="storage_key_file")
    if status == _NOT_FOUND:
        why = f"has no stored messages of {whose}: correct its name (username, storage_applications) and storage_url,"
        return Refused(f"{where} {why} and activate its Storage Integration{said}", setting="storage_applications")
    return Refused(f"{where} refuses our question about {whose} (HTTP {status}{said})", setting="storage_url")


def _of_patience(settings: StorageSettings, error: TimeoutError) -> Unreachable:
    if isinstance(error, aiohttp.ServerTimeoutError):
        return Unreachable(f"it was silent for {settings.silent_s:g} s")
    return Unreachable(f"it did not come to the end of its answer within {settings.answer_s:g} s")


def _of_tls(settings: StorageSettings, error: Exception) -> Refused | Unreachable:
    if isinstance(error, ssl.SSLCertVerificationError):
        trusted = f"storage_ca_file {settings.ca_file!r}" if settings.ca_file else "the system (set storage_ca_file)"
        why = f"its certificate is not trusted by {trusted}: {error.verify_message}"
        return Refused(f"{settings.url}: {why}", setting="storage_ca_file")
    return Unreachable(f"TLS failed: {getattr(error, 'reason', '') or error}")


def _wait_s(headers: Mapping[str, str]) -> float:
    for name in _WAIT_HEADERS:
        text = headers.get(name, "")
        if text.isascii() and text.isdecimal():
            return float(text)
    return 0.0


def _said(body: bytes) -> str:
    """Return the server's own words; it answers with a JSON object, whatever stands before it with anything."""
    try:
        return _shown(msgspec.json.decode(body, type=_Said).message)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return ""


def _shown(text: str) -> str:
    words = "".join(each if each.isprintable() else " " for each in text)[:_LONGEST_REASON].strip()
    return f": {words}" if words else ""
