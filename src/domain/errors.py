"""The domain's errors: data, not prose.

DomainError
├── InvalidValue    a value outside its definition; the caller can mend it
└── Undecodable     a payload its codec cannot read (domain.decoding)
"""


class DomainError(Exception):
    """A rule of the domain was broken; ``reason`` is stable and part of the API."""

    reason = "DOMAIN"

    def __init__(self, message: str, **attributes: str) -> None:
        super().__init__(message)
        self.message = message
        self.attributes = attributes


class InvalidValue(DomainError):
    """A value is outside its definition; ``attributes`` name ``field`` and ``value``."""

    reason = "INVALID_VALUE"
