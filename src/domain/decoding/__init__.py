"""What bytes mean: codecs of device families, and the catalogue that names them."""

from domain.decoding.catalogue import CODECS, DECODERS, MODELS
from domain.decoding.choice import Choice, Decoders
from domain.decoding.codec import (
    NO_CONTEXT,
    NO_FACTS,
    Codec,
    Context,
    Decoded,
    DeviceFacts,
    Fragment,
    Notice,
    Payload,
    Snapshot,
    Undecodable,
    script_codec,
)

__all__ = [
    "CODECS",
    "DECODERS",
    "MODELS",
    "NO_CONTEXT",
    "NO_FACTS",
    "Choice",
    "Codec",
    "Context",
    "Decoded",
    "Decoders",
    "DeviceFacts",
    "Fragment",
    "Notice",
    "Payload",
    "Snapshot",
    "Undecodable",
    "script_codec",
]
