"""Where other programs are: names and addresses, checked before anybody waits ten minutes for a typing error."""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from application.loopback import is_loopback

_HOST = re.compile(r"[^\s/:@,]+")
"""A name or IPv4 address; what the name service thinks of it shows when it is asked."""
_LAST_PORT = 65_535


def mistake_of_host(host: str) -> str:
    """Return what is wrong with a name or address, or an empty text."""
    if _HOST.fullmatch(host) and host.isprintable():
        return ""
    try:
        ip_address(host)
    except ValueError:
        return "a name or address alone expected, without mqtt://, user and port"
    return ""


def mistake_of_bootstrap(servers: str) -> str:
    """Return what is wrong with ``host:port,host:port``, or an empty text."""
    for server in servers.split(","):
        host, _, port = server.strip().rpartition(":")
        if mistake_of_host(host.strip("[]")) or not port.isdecimal() or not 1 <= int(port) <= _LAST_PORT:
            return f"{server.strip()!r} is not host:port"
    return ""


def mistake_of_server(url: str) -> str:
    """Return what is wrong with ``https://host``, or an empty text; a key does not go over a network in the clear."""
    try:
        parts = urlsplit(url)
        port = parts.port or 0
    except ValueError:
        return "https://host expected"
    if parts.scheme not in {"http", "https"} or not parts.hostname or mistake_of_host(parts.hostname) or port < 0:
        return "https://host expected"
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        return "https://host expected, without a path"
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        return "https:// expected: the key would be open to all on the way"
    return ""


def mistake_of_endpoint(url: str) -> str:
    """Return what is wrong with ``http://host:port``, or an empty text."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "http://host:port or https://host:port expected"
    usable = parts.scheme in {"http", "https"} and parts.hostname and port and not mistake_of_host(parts.hostname)
    return "" if usable else "http://host:port or https://host:port expected"
