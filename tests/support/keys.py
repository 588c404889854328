"""A published frame that carries session keys, and every form in which a key of it might be shown."""

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator

NETWORK_KEY = bytes.fromhex("82840c7056429b143d21974557f93a53")
APPLICATION_KEY = bytes.fromhex("7184ec70c08494b931fe2fa6f8835c6a")
WITH_KEYS = bytes.fromhex("520144332211") + NETWORK_KEY + APPLICATION_KEY
"""The configuration of multicast session 1 (nasys/nas-codecs, tests of UL20xx), with a second key unlike the first."""

_TELLING = 6
"""Bytes of a key in a row that are part of it and no chance, and give base64 of eight characters."""


def forms_of_the_keys() -> Iterator[str]:
    """Yield every part of either key as text: hex and base64 of either kind, numbers, and as Python writes bytes."""
    for key in (NETWORK_KEY, APPLICATION_KEY):
        for at in range(len(key) - _TELLING + 1):
            part = key[at : at + _TELLING]
            yield from (part.hex(), part.hex().upper(), part.hex(":"), part.hex(" "), repr(part)[2:-1])
            yield from (b64encode(part).decode(), urlsafe_b64encode(part).decode(), ",".join(map(str, part)))
            yield ", ".join(map(str, part))
