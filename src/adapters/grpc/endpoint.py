"""Where the server listens, and who may: without TLS only this machine, unless that is asked for by name."""

import errno
import socket
import ssl
from pathlib import Path
from typing import Any, Protocol

import grpc

from application.errors import Refused
from application.loopback import is_loopback


class Endpoint(Protocol):
    """The settings of the server, ``[grpc]``."""

    @property
    def host(self) -> str:
        """Name or address to listen on."""

    @property
    def port(self) -> int:
        """TCP port; 0: any that is free."""

    @property
    def insecure(self) -> bool:
        """Whether other machines may come without TLS."""

    @property
    def certificate_file(self) -> str:
        """PEM chain of the server's certificate; empty: no TLS."""

    @property
    def key_file(self) -> str:
        """PEM private key of the certificate."""

    @property
    def stop_grace_s(self) -> float:
        """How long calls in hand may take once the server stops."""


def listen(server: grpc.aio.Server, endpoint: Endpoint) -> int:
    """Have ``server`` listen at ``endpoint`` and return the port.

    Raises:
        Refused: the address is taken or not ours, it would be open to all without TLS, or the files of TLS are no use.
    """
    credentials = _credentials(endpoint)
    if credentials is None and not (endpoint.insecure or is_loopback(endpoint.host)):
        message = (
            f"grpc.host = {endpoint.host!r} is open to other machines: "
            "give grpc.certificate_file and grpc.key_file, or allow it with --insecure"
        )
        raise Refused(message, host=endpoint.host)
    address = _address(endpoint)
    _try(endpoint)
    try:
        if credentials is None:
            return server.add_insecure_port(address)
        return server.add_secure_port(address, credentials)
    except RuntimeError as error:
        raise Refused(f"gRPC cannot listen on {address}: {error}", address=address) from None


def _address(endpoint: Endpoint) -> str:
    host = f"[{endpoint.host}]" if ":" in endpoint.host else endpoint.host
    return f"{host}:{endpoint.port}"


def _try(endpoint: Endpoint) -> None:
    """Bind to ``endpoint`` and let go: the system says why not in one word, gRPC in a line of its own on stderr."""
    address = _address(endpoint)
    try:
        found = socket.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Refused(f"grpc.host = {endpoint.host!r}: {error.strerror or error}", host=endpoint.host) from None
    failures = [failure for each in found if (failure := _failure_to_bind(each[0], each[4]))]
    if any(failure.errno == errno.EADDRINUSE for failure in failures):
        raise Refused(f"{address} is taken by another process: end it, or set another grpc.port", address=address)
    # A name may stand for IPv6 and IPv4 where the machine has only one of them.
    if len(failures) == len(found):
        raise Refused(f"gRPC cannot listen on {address}: {failures[0].strerror}", address=address)


def _failure_to_bind(family: socket.AddressFamily, where: tuple[Any, ...]) -> OSError | None:
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(where)
        except OSError as error:
            return error
    return None


def _credentials(endpoint: Endpoint) -> grpc.ServerCredentials | None:
    if not endpoint.certificate_file and not endpoint.key_file:
        return None
    key = _read(endpoint.key_file, "key_file")
    certificate = _read(endpoint.certificate_file, "certificate_file")
    try:  # gRPC says in lines of its own on stderr what this says in one word
        trial = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        trial.load_cert_chain(endpoint.certificate_file, endpoint.key_file, password="")
    except ssl.SSLError as error:
        message = f"grpc.certificate_file and grpc.key_file are no PEM chain and its key: {error.reason or error}"
        raise Refused(message, file=endpoint.certificate_file) from None
    return grpc.ssl_server_credentials([(key, certificate)])


def _read(path: str, setting: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise Refused(f"grpc.{setting} = {path!r}: {error.strerror or error}", file=path) from None
