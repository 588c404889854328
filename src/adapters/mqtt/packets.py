"""The packets of MQTT 3.1.1 that we send, as bytes, and what the short ones that a broker sends say (section 3)."""

from collections.abc import Iterable, Sequence
from struct import pack

from msgspec import Struct

CONNACK, PUBLISH, PUBACK, SUBACK, PINGRESP = 0x20, 0x30, 0x40, 0x90, 0xD0
"""First byte of the packets that a broker sends; a message has flags in it (section 2.2)."""
PINGREQ = b"\xc0\x00"
DISCONNECT = b"\xe0\x00"

_CONNECT, _SUBSCRIBE = 0x10, 0x82
_NAME_AND_LEVEL = b"\x00\x04MQTT\x04"
"""Protocol name and level of version 3.1.1 (section 3.1.2)."""
_CLEAN_SESSION, _WITH_PASSWORD, _WITH_USERNAME = 0x02, 0x40, 0x80
_SUBSCRIPTION = 1
"""Packet identifier of our only SUBSCRIBE; messages that we publish have others at their time."""
_PUBACK_HEAD = 0x4002_0000
"""Type and length; the packet identifier is in the lower half (section 3.4)."""
_QOS_1 = 0x02
SUBACK_FAILURE = 0x80
"""In a SUBACK (section 3.9.3); below it: the QoS that is granted."""
_HIGHEST_QOS = 2
_LAST_MID = 65_535


class Packet(Struct, frozen=True, gc=False):
    """A packet of a broker that is no message."""

    kind: int
    """Its first byte."""
    body: bytes
    """What follows its length."""

    @property
    def mid(self) -> int:
        """The packet identifier that it begins with (PUBACK, SUBACK)."""
        return int.from_bytes(self.body[:2], "big")

    @property
    def codes(self) -> Sequence[int]:
        """What a SUBACK says to each topic filter: the QoS that is granted, or 128."""
        return self.body[2:]

    @property
    def is_sound(self) -> bool:
        """Whether its contents are among those that the protocol knows."""
        if self.kind == CONNACK:
            return self.body[0] <= 1
        if self.kind == SUBACK:
            return self.mid == _SUBSCRIPTION and all(
                code <= _HIGHEST_QOS or code == SUBACK_FAILURE for code in self.codes
            )
        return self.kind != PUBACK or self.mid > 0


def connect(client_id: str, keepalive_s: int, *, clean_session: bool, username: str = "", password: str = "") -> bytes:
    """Return CONNECT (section 3.1), without a will; without ``username`` there is no password either."""
    flags, texts = _CLEAN_SESSION if clean_session else 0, [client_id]
    if username:
        flags |= _WITH_USERNAME | _WITH_PASSWORD
        texts += [username, password]
    head = _NAME_AND_LEVEL + bytes((flags,)) + keepalive_s.to_bytes(2, "big")
    return _packet(_CONNECT, head + b"".join(map(_text, texts)))


def subscribe(topics: Iterable[str], qos: int) -> bytes:
    """Return SUBSCRIBE (section 3.8)."""
    filters = b"".join([_text(topic) + bytes((qos,)) for topic in topics])
    return _packet(_SUBSCRIBE, _SUBSCRIPTION.to_bytes(2, "big") + filters)


def publish(topic: str, payload: bytes, mid: int) -> bytes:
    """Return PUBLISH (section 3.3), at QoS 1 where there is a packet identifier, else at QoS 0."""
    if not mid:
        return _packet(PUBLISH, _text(topic) + payload)
    return _packet(PUBLISH | _QOS_1, _text(topic) + mid.to_bytes(2, "big") + payload)


def pubacks(mids: Sequence[int]) -> bytes:
    """Return a PUBACK for each of ``mids`` (section 3.4)."""
    return pack(f"!{len(mids)}I", *[_PUBACK_HEAD | mid for mid in mids])


def next_mid(mid: int) -> int:
    """Return the packet identifier after ``mid``: never 0 (section 2.3.1)."""
    return mid % _LAST_MID + 1


def _text(text: str) -> bytes:
    """Return ``text`` as the protocol writes it (section 1.5.3)."""
    encoded = text.encode()
    return len(encoded).to_bytes(2, "big") + encoded


def _packet(first: int, body: bytes) -> bytes:
    """Return a packet: its first byte, its length (section 2.2.3) and ``body``."""
    head, length = bytearray((first,)), len(body)
    while length > 127:  # noqa: PLR2004  seven bits a byte; the eighth says that more follow
        head.append(length & 0x7F | 0x80)
        length >>= 7
    head.append(length)
    return bytes(head) + body
