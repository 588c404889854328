"""The enumerations of stadtfunk.api.meter.v1, and the domain's words for them; a test holds them to each other."""

from collections.abc import Iterable

from domain.errors import InvalidValue
from domain.meter import Grain, Medium, Reason, Status
from stadtfunk.api.meter.v1 import meter_pb2

_MEDIA = {medium: meter_pb2.Medium.Value(f"MEDIUM_{medium.name}") for medium in Medium}
_GRAINS = {meter_pb2.Grain.Value(f"GRAIN_{grain.name}"): grain for grain in Grain}
_STATUSES = {status: meter_pb2.ValueStatus.Value(f"VALUE_STATUS_{status.name}") for status in Status}
_REASONS = {reason: meter_pb2.Reason.Value(f"REASON_{reason.name}") for reason in Reason}

_MEDIUM_WORDS = {code: medium for medium, code in _MEDIA.items()}
_STATUS_WORDS = {code: status for status, code in _STATUSES.items()}
_REASON_WORDS = {code: reason for reason, code in _REASONS.items()}


def medium_code(medium: Medium) -> meter_pb2.Medium.ValueType:
    """Return the code of a medium."""
    return _MEDIA[medium]


def medium_word(code: meter_pb2.Medium.ValueType) -> str:
    """Return the domain's word for a medium; empty if it has none."""
    return _MEDIUM_WORDS.get(code, "")


def grain(code: meter_pb2.Grain.ValueType) -> Grain:
    """Return how long buckets are.

    Raises:
        InvalidValue: that is not said.
    """
    found = _GRAINS.get(code)
    if found is None:
        raise InvalidValue("a grain is missing: hour, day, month or year", field="grain", value=str(code))
    return found


def grain_code(of: Grain) -> meter_pb2.Grain.ValueType:
    """Return the code of a grain."""
    return meter_pb2.Grain.Value(f"GRAIN_{of.name}")


def status_code(status: Status) -> meter_pb2.ValueStatus.ValueType:
    """Return the code of a status."""
    return _STATUSES[status]


def status_word(code: meter_pb2.ValueStatus.ValueType) -> str:
    """Return the domain's word for a status; empty if it has none."""
    return _STATUS_WORDS.get(code, "")


def reason_codes(reasons: Iterable[Reason]) -> list[meter_pb2.Reason.ValueType]:
    """Return the codes of reasons."""
    return [_REASONS[reason] for reason in reasons]


def reason_words(codes: Iterable[meter_pb2.Reason.ValueType]) -> tuple[str, ...]:
    """Return the domain's words for reasons; a code that this version does not know as its number."""
    return tuple(_REASON_WORDS.get(code, str(code)) for code in codes)
