"""What a record of a partition is to us: raw bytes. aiokafka is given no (de)serialisers.

One record that a deserialiser cannot read would keep all others of its batch from us, for ever.
"""

from collections.abc import Sequence
from typing import Protocol

import msgspec

DECODING_ERRORS = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""All that msgspec raises for bytes that somebody else wrote; nested too deeply, they end in ``RecursionError``."""
Headers = Sequence[tuple[str, bytes]]


class LogRecord(Protocol):
    """A record as it was read: aiokafka's ``ConsumerRecord``, as far as it concerns us."""

    @property
    def offset(self) -> int:
        """Position in its partition."""

    @property
    def timestamp(self) -> int:
        """When its producer made it, ms since 1970-01-01 UTC."""

    @property
    def key(self) -> bytes | None:
        """What it is about: a device, mostly."""

    @property
    def value(self) -> bytes | None:
        """None: a tombstone."""

    @property
    def headers(self) -> Headers:
        """Names and values."""
