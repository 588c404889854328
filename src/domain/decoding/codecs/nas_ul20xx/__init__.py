"""NAS UL20xx (Nordic Automation Systems): controllers of street lamps over DALI, D4i or 0–10 V, firmware 1.0 and 1.1.

Source: the vendor's published reference decoder (nasys/nas-codecs, src/ul20xx_decoder.js, of 2024-12), which its readme
names for UL2002 to UL2053, and its tests. Numbers are little-endian, bit fields start at bit 0; a value of all ones is
mostly none. What the controller repeats of downlinks, the decoder reads on the same ports.
"""

from domain.decoding.codecs.nas_ul20xx.concealment import conceals
from domain.decoding.codecs.nas_ul20xx.protocols import EITHER, FIRMWARE_1_0, FIRMWARE_1_1

decode_1_0 = FIRMWARE_1_0.decode
"""Read a payload of firmware 1.0; refuses those of 1.1."""
decode_1_1 = FIRMWARE_1_1.decode
"""Read a payload of firmware 1.1; refuses those of 1.0."""
decode = EITHER.decode
"""Read a payload of a device whose firmware nobody knows."""

__all__ = ["conceals", "decode", "decode_1_0", "decode_1_1"]
