"""Numbers that The Things Stack writes as text, since JSON has neither 64 bits nor durations (protobuf's mapping)."""

from functools import lru_cache

from adapters.json_envelope.malformed import malformed_field

_NS_DIGITS = 9
_MAX_AIRTIME_DIGITS = 6
"""Whole seconds of an airtime; the longest frame that LoRa can send lasts some 10 s."""
_MAX_FREQUENCY_DIGITS = 11
"""10 GHz in Hz; LoRa ends at 2.5 GHz."""


@lru_cache(maxsize=256)  # a region has some ten channels
def frequency_hz(text: str) -> int:
    """Return the frequency of an uplink.

    Raises:
        Malformed: it is no number of Hz.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= _MAX_FREQUENCY_DIGITS):
        raise malformed_field("$.uplink_message.settings.frequency", text, "Hz as text")
    return int(text)


@lru_cache(maxsize=4_096)  # some ten data rates, some hundred lengths
def airtime_ns(text: str) -> int:
    """Return a duration as protobuf writes it, ``0.185344s``, in ns without rounding.

    Raises:
        Malformed: it is none.
    """
    seconds, _, fraction = text.removesuffix("s").partition(".")
    digits = seconds + fraction
    bounded = len(seconds) <= _MAX_AIRTIME_DIGITS and len(fraction) <= _NS_DIGITS
    if not (seconds and bounded and digits.isascii() and digits.isdigit() and text.endswith("s")):
        raise malformed_field("$.uplink_message.consumed_airtime", text, "a duration such as 0.056576s")
    return int(seconds + fraction.ljust(_NS_DIGITS, "0"))
