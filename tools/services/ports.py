"""Free ports for servers that must know theirs before they start."""

import random
import socket

from tools.services.server import HOST

# Below Linux's range for outgoing connections (32768 and up), so that none of those takes the port
# between this check and the server's start; above the well-known ones.
_FIRST, _LAST = 20_000, 32_000


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 on which nothing listens now."""
    while True:
        port = random.SystemRandom().randint(_FIRST, _LAST)
        with socket.socket() as probe:
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
