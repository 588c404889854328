"""Pages (AIP-158): how long they are, and tokens that say where the next one begins.

A token is a place in a list bound to the request it came from. It carries no authority: whoever makes one up gets
nothing that a request of theirs would not get, so a checksum is enough, and every replica can read it.
"""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TypeVar

import msgspec
from google.protobuf.message import Message

from domain.errors import InvalidValue

_DEFAULT_SIZE = 50
_LARGEST_SIZE = 1_000
_CHECKSUM_BYTES = 8
"""One damaged token in 2^64 goes unnoticed."""

Place = TypeVar("Place")


def page_size(asked: int) -> int:
    """Return how long a page becomes.

    Raises:
        InvalidValue: negative.
    """
    if asked < 0:
        raise InvalidValue(f"page_size {asked} is negative", field="page_size", value=str(asked))
    return min(asked or _DEFAULT_SIZE, _LARGEST_SIZE)


class Tokens:
    """Tokens for one request: of all its fields but those that may change from page to page."""

    def __init__(self, request: Message, field: str) -> None:
        self._text: str = getattr(request, field)
        self._field = field
        lasting = type(request)()
        lasting.CopyFrom(request)
        for name in (field, "page_size"):
            if name in request.DESCRIPTOR.fields_by_name:
                lasting.ClearField(name)
        whole = request.DESCRIPTOR.full_name.encode() + lasting.SerializeToString(deterministic=True)
        self._request = hashlib.blake2b(whole).digest()

    def token(self, place: object) -> str:
        """Return the token of ``place``."""
        packed = msgspec.msgpack.encode(place)
        checksum = hashlib.blake2b(self._request + packed, digest_size=_CHECKSUM_BYTES).digest()
        return urlsafe_b64encode(checksum + packed).decode().rstrip("=")

    def place(self, kind: type[Place]) -> Place | None:
        """Return the place that the request's token names, or None without a token.

        Raises:
            InvalidValue: the token is damaged or came from another request.
        """
        if not self._text:
            return None
        try:
            raw = urlsafe_b64decode(self._text + "=" * (-len(self._text) % 4))
            place = msgspec.msgpack.decode(raw[_CHECKSUM_BYTES:], type=kind)
        except (ValueError, msgspec.MsgspecError):
            raise self._refused() from None
        # Compared as text, not by the checksum alone: base64 reads several texts as the same bytes.
        if self.token(place) != self._text:
            raise self._refused()
        return place

    def _refused(self) -> InvalidValue:
        message = f"{self._field} is damaged, or belongs to a request with other fields"
        return InvalidValue(message, field=self._field, value=self._text)
