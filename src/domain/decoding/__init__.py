"""What bytes mean: codecs of device families, and the catalogue that names them."""

from domain.decoding.catalogue import CODECS, MODELS
from domain.decoding.codec import (
    NO_CONTEXT,
    Codec,
    Context,
    Decoded,
    Fragment,
    Notice,
    Payload,
    Snapshot,
    Undecodable,
)

__all__ = [
    "CODECS",
    "MODELS",
    "NO_CONTEXT",
    "Codec",
    "Context",
    "Decoded",
    "Fragment",
    "Notice",
    "Payload",
    "Snapshot",
    "Undecodable",
]
