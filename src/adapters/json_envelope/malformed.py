"""What is wrong with an envelope, said so that its sender can mend it: which field, what it holds, what was expected.

Slow on purpose: this is the way of the few messages that go to the dead letters.
"""

import re

import msgspec

ENVELOPE_UNREADABLE = "envelope_unreadable"
"""Not JSON, or a field that is not what the network server documents."""
DEV_EUI_MISSING = "dev_eui_missing"
DEV_EUI_INVALID = "dev_eui_invalid"

DECODING_ERRORS = (ValueError, RecursionError)
"""All that msgspec raises for bytes: its own errors and ``UnicodeDecodeError`` are ``ValueError``."""

_MOST_SHOWN = 60
"""Characters of a value that are shown: enough for every identifier and time, and little of a whole message."""
_AT = re.compile(r"(?P<what>.*) - at `(?P<path>\$.*)`", re.DOTALL)
_STEP = re.compile(r"\.(?P<key>\w+)|\[(?P<index>\d+)\]")


class Malformed(Exception):
    """An envelope cannot be understood; ``reason`` is a stable code."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def malformed_field(path: str, value: object, expected: str, reason: str = ENVELOPE_UNREADABLE) -> Malformed:
    """Return that the field at ``path`` (``$`` is the message) holds ``value`` instead of what was ``expected``."""
    return Malformed(reason, f"{path} is {shown(value)}: {expected} expected")


def not_decoded(body: bytes, error: Exception) -> Malformed:
    """Return why ``body`` could not be decoded, as ``error`` tells."""
    if isinstance(error, RecursionError):
        return Malformed(ENVELOPE_UNREADABLE, f"nested too deep: {_beginning(body)}")
    if isinstance(error, UnicodeDecodeError):
        return Malformed(ENVELOPE_UNREADABLE, f"not UTF-8 ({error.reason}): {_beginning(body)}")
    located = _AT.fullmatch(str(error))
    if located is None:
        return Malformed(ENVELOPE_UNREADABLE, f"{error}: {_beginning(body)}")
    path, what = located["path"], located["what"]
    return Malformed(ENVELOPE_UNREADABLE, f"{path} is {_value_at(path, body)}: {what}")


def shown(value: object) -> str:
    """Return ``value`` as JSON, shortened."""
    try:
        text = msgspec.json.encode(value).decode()
    except (*DECODING_ERRORS, TypeError, OverflowError):
        text = repr(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}… ({len(text)} characters)"


def _value_at(path: str, body: bytes) -> str:
    try:
        value = msgspec.json.decode(body)
        for step in _STEP.finditer(path):
            value = value[step["key"]] if step["key"] is not None else value[int(step["index"])]
    except (*DECODING_ERRORS, LookupError, TypeError):
        return "not readable"  # a field behind the broken one is broken too
    return shown(value)


def _beginning(body: bytes) -> str:
    text = repr(body[:_MOST_SHOWN])
    return f"the message begins {text}" if len(body) > _MOST_SHOWN else f"the message is {text}"
