"""Why there is no connection: for good, because of a setting (``Refused``), or for now (``Unreachable``)."""

import os
import socket
import ssl

from adapters.mqtt.settings import BrokerSettings
from application.errors import Refused, Unavailable

_EXPIRED, _NOT_YET_VALID = 10, 9
_UNKNOWN_AUTHORITY = (2, 18, 19, 20, 21)
_WRONG_NAME = (62, 64)
"""Codes of certificate verification (OpenSSL, ``X509_verify_cert_error_string``)."""

_CLIENT_ID_INVALID, _SERVER_UNAVAILABLE, _BAD_CREDENTIALS, _NOT_AUTHORIZED = 2, 3, 4, 5
_RETURN_CODES = {
    1: "Unsupported protocol version",
    _BAD_CREDENTIALS: "Bad user name or password",
    _NOT_AUTHORIZED: "Not authorized",
}
"""Of CONNACK (MQTT 3.1.1, section 3.2.2.3)."""


class Unreachable(Exception):
    """An attempt to connect came to nothing; another may do better."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def of_connack(broker: BrokerSettings, code: int) -> Refused | Unreachable | None:
    """Return what it means that ``broker`` answered CONNECT with ``code``; None: it takes us."""
    if not code:
        return None
    name = _RETURN_CODES.get(code, f"return code {code}")
    who = f"user {broker.username!r}" if broker.username else "a client without username"
    if code == _SERVER_UNAVAILABLE:
        return Unreachable("the broker says that it is not available")
    if code in {_BAD_CREDENTIALS, _NOT_AUTHORIZED}:
        remedy = "check username and the password in password_file (The Things Stack: application@tenant and API key)"
        return Refused(f"{broker.address} refuses {who} ({name}): {remedy}", setting="password_file")
    if code == _CLIENT_ID_INVALID:
        return Refused(f"{broker.address} refuses client_id {broker.client_id!r}: choose another", setting="client_id")
    return Refused(f"{broker.address} refuses us ({name}): it must speak MQTT 3.1.1", setting="host")


def of_suback(broker: BrokerSettings, refused: list[str]) -> Refused:
    """Return that ``broker`` will not let us subscribe to the topic filters ``refused``."""
    which = ", ".join(repr(topic) for topic in refused)
    who = f"user {broker.username!r}" if broker.username else "a client without username"
    return Refused(f"{broker.address} does not let {who} subscribe to {which}: correct topics", setting="topics")


def of_duplicate(broker: BrokerSettings, times: int) -> Refused:
    """Return that somebody else takes our session, again and again."""
    return Refused(
        f"{broker.address} closed our connection {times} times soon after it was made:"
        f" another process uses client_id {broker.client_id!r}, give each its own",
        setting="client_id",
    )


def of_violations(broker: BrokerSettings, why: str, times: int) -> Unavailable:
    """Return that whatever is there sends what we do not take, again and again."""
    return Unavailable(
        f"{broker.address} sent what is not taken on {times} connections in a row: {why};"
        " correct host and port, or topics",
        broker=broker.address,
    )


def of_ca_file(broker: BrokerSettings, error: OSError) -> Refused:
    """Return that the certificates we should trust cannot be read."""
    why = error.strerror or str(error)
    return Refused(f"ca_file {broker.ca_file!r} cannot be used: {why}", setting="ca_file")


def of_connecting(broker: BrokerSettings, error: Exception) -> Refused | Unreachable:
    """Return what it means that no TCP or TLS connection came about."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _of_certificate(broker, error)
    if isinstance(error, TimeoutError):
        return Unreachable(f"no answer within {broker.connect_s:g} s")
    if isinstance(error, ssl.SSLError):
        if error.reason == "WRONG_VERSION_NUMBER":
            why = "what answers there does not speak TLS: correct port (mostly 8883), or set tls = false"
            return Refused(f"{broker.address}: {why}", setting="port")
        return Unreachable(f"TLS failed: {error.reason or error}")
    if isinstance(error, ConnectionResetError) and broker.tls:
        return Unreachable(f"it closed the connection during the TLS handshake: does port {broker.port} speak TLS?")
    return Unreachable(_reason(error))


def of_early_end(broker: BrokerSettings) -> Unreachable:
    """Return what it means that the connection ended before the broker answered CONNECT."""
    hint = "" if broker.tls else f": does port {broker.port} need tls = true?"
    return Unreachable(f"it closed the connection without an answer{hint}")


def _reason(error: Exception) -> str:
    """Return what the system says of ``error``, without the words that asyncio puts around it."""
    if isinstance(error, socket.gaierror):
        return f"its name does not resolve: {error.strerror}"
    if isinstance(error, OSError) and error.errno:
        return os.strerror(error.errno)
    return str(error) or type(error).__name__


def _of_certificate(broker: BrokerSettings, error: ssl.SSLCertVerificationError) -> Refused:
    """Return what is wrong with the certificate of ``broker``."""
    code, where = error.verify_code, broker.address
    if code in _UNKNOWN_AUTHORITY:
        trusted = f"ca_file {broker.ca_file!r}" if broker.ca_file else "the system (set ca_file)"
        return Refused(f"{where}: its certificate is of an authority unknown to {trusted}", setting="ca_file")
    if code in _WRONG_NAME:
        return Refused(f"{where}: its certificate is not for {broker.host!r}: correct host", setting="host")
    if code in {_EXPIRED, _NOT_YET_VALID}:
        when = "has expired" if code == _EXPIRED else "is not yet valid"
        return Refused(f"{where}: its certificate {when}: renew it, or set this machine's clock", setting="host")
    return Refused(f"{where}: its certificate cannot be trusted: {error.verify_message}", setting="ca_file")
