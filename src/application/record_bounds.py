"""How much a record may say, whatever it is about: what stores and messages can hold, and clients can list."""

import msgspec
from msgspec import Struct

from domain.errors import InvalidValue

MOST_BYTES = 16_384
"""Of a record as JSON: a device with a hundred labels has 5,000. 100 of them fit a message of Kafka, a page of the
list some hundred more."""
_LONGEST_KEY = 500
"""Bytes: keys are read and sorted by; a name has 50."""
_LEAST, _MOST = -(2**63), 2**63 - 1
"""Stores and other languages keep integers in 64 bits; as ns they reach from 1677 to 2262."""


def check_length(key: str, fields: dict[str, object]) -> None:
    """Return if a record of ``fields`` under ``key`` can be kept and listed.

    Raises:
        InvalidValue: key or record are too long.
    """
    if len(key.encode()) > _LONGEST_KEY:
        raise InvalidValue(f"its name is longer than {_LONGEST_KEY} bytes", field="key", value=key[:_LONGEST_KEY])
    if (size := len(msgspec.json.encode(fields))) > MOST_BYTES:
        raise InvalidValue(f"{size} bytes are too many: {MOST_BYTES} at most", field="record", value=str(size))


def check_integers(record: Struct) -> None:
    """Return if all integers of ``record`` can be kept.

    Raises:
        InvalidValue: one has more than 64 bits.
    """
    for name in record.__struct_fields__:
        value = getattr(record, name)
        for each in value.values() if isinstance(value, dict) else (value,):
            if isinstance(each, int) and not _LEAST <= each <= _MOST:
                raise InvalidValue(f"{name} has more than 64 bits (an instant: 1677 to 2262)", field=name, value="")
