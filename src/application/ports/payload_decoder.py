"""Decoding that the pure step cannot do itself: codecs that are scripts."""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from domain.decoding import Decoded, Payload, Undecodable


class ScriptPayload(Struct, frozen=True, gc=False):
    """One payload, and the script that reads it."""

    codec: str
    """Name of the codec."""
    payload: Payload
    variables: dict[str, str] = {}
    """What the registry says of the device by name (its labels), over the codec's own variables."""


class PayloadDecoder(Protocol):
    """Promises: tests/contract/payload_decoder.py."""

    async def decode(self, payloads: Sequence[ScriptPayload]) -> list[Decoded | Undecodable]:
        """Return what each payload means, or why it means nothing, in their order.

        Whatever one payload does to its script, the others get what they would have got without it.

        Raises:
            Unavailable: there is nobody to run scripts.
        """
