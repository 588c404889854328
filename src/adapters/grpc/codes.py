"""The API's enumerations, and the words the domain has for them."""

from stadtfunk.api.reading.v1.reading_pb2 import Quality, TimeOrigin

QUALITIES: dict[str, Quality.ValueType] = {
    "measured": Quality.QUALITY_MEASURED,
    "device_flagged": Quality.QUALITY_DEVICE_FLAGGED,
    "implausible": Quality.QUALITY_IMPLAUSIBLE,
    "substituted": Quality.QUALITY_SUBSTITUTED,
    "unit_unknown": Quality.QUALITY_UNIT_UNKNOWN,
}
TIME_ORIGINS: dict[str, TimeOrigin.ValueType] = {
    "device": TimeOrigin.TIME_ORIGIN_DEVICE,
    "derived": TimeOrigin.TIME_ORIGIN_DERIVED,
    "network": TimeOrigin.TIME_ORIGIN_NETWORK,
}
_QUALITY_WORDS = {code: word for word, code in QUALITIES.items()}
_TIME_ORIGIN_WORDS = {code: word for word, code in TIME_ORIGINS.items()}


def quality_code(word: str) -> Quality.ValueType:
    """Return the code of a quality."""
    return QUALITIES.get(word, Quality.QUALITY_UNSPECIFIED)


def quality_word(code: Quality.ValueType) -> str:
    """Return the domain's word for a quality; empty if it has none."""
    return _QUALITY_WORDS.get(code, "")


def time_origin_code(word: str) -> TimeOrigin.ValueType:
    """Return the code of a time origin."""
    return TIME_ORIGINS.get(word, TimeOrigin.TIME_ORIGIN_UNSPECIFIED)


def time_origin_word(code: TimeOrigin.ValueType) -> str:
    """Return the domain's word for a time origin; empty if it has none."""
    return _TIME_ORIGIN_WORDS.get(code, "")
