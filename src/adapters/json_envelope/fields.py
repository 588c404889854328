"""Fields that network servers write as text: DevEUIs, DevAddrs and times, and the bounds of what we keep."""

from typing import Annotated

from msgspec import Meta, Struct

from adapters.json_envelope.malformed import DEV_EUI_INVALID, DEV_EUI_MISSING, Malformed, malformed_field
from domain.errors import InvalidValue
from domain.identifiers import DevEui, dev_eui, is_hex
from domain.rfc3339 import parse_rfc3339

FCnt = Annotated[int, Meta(ge=0, le=2**32 - 1)]
"""FCnt has 32 bits (TS001-1.0.4, section 4.3.1.5)."""
FPort = Annotated[int, Meta(ge=0, le=255)]
"""FPort is one octet (TS001-1.0.4, section 4.3.2)."""
FrmPayload = Annotated[bytes, Meta(max_length=255)]
"""A LoRa frame has 255 octets at most, its payload some less (RP002-1.0.4, maximum payload size)."""
Name = Annotated[str, Meta(max_length=256)]
"""Identifiers have up to 36 characters, but they become keys of our stores: an absurd one is caught here."""


class Present(Struct, frozen=True, gc=False):
    """An object of which only its being there matters."""


_DEV_ADDR_DIGITS = 8
"""32 bits (TS001-1.0.4, section 6.1.1)."""
_MAX_NS = 2**63 - 1
"""Our stores keep times as 64-bit integers of ns: until 2262."""


def device_of(text: str, path: str) -> DevEui:
    """Return the DevEUI that the field at ``path`` holds.

    Raises:
        Malformed: there is none, or it is not 64 bits of hex.
    """
    if not text:
        raise Malformed(DEV_EUI_MISSING, f"{path} is missing: give the device a DevEUI on the network server")
    try:
        return dev_eui(text)
    except InvalidValue as error:
        raise malformed_field(path, text, "16 hex digits", DEV_EUI_INVALID) from error


def dev_addr_of(text: str, path: str) -> str:
    """Return the DevAddr that the field at ``path`` holds as 8 lower-case hex digits; empty where it holds none.

    Raises:
        Malformed: it is not 32 bits of hex.
    """
    digits = text.lower()
    if digits and not (len(digits) == _DEV_ADDR_DIGITS and is_hex(digits)):
        raise malformed_field(path, text, "8 hex digits")
    return digits


def instant(text: str, path: str) -> int:
    """Return the time that the field at ``path`` holds, in ns since 1970-01-01 UTC.

    Raises:
        Malformed: it is no time with a zone, or outside 1970 to 2262.
    """
    try:
        ns = parse_rfc3339(text)
    except InvalidValue as error:
        raise malformed_field(path, text, "an RFC 3339 time with a zone") from error
    if not 0 <= ns <= _MAX_NS:
        raise malformed_field(path, text, "a time from 1970 to 2262")
    return ns
