"""The enumerations of stadtfunk.api.meter.v1, and the domain's words for them; a test holds them to each other."""

from collections.abc import Iterable

from domain.errors import InvalidValue
from domain.meter import Grain, Medium, Reason, Status
from stadtfunk.api.meter.v1 import meter_pb2

_MEDIA = {medium: meter_pb2.Medium.Value(f"MEDIUM_{medium.name}") for medium in Medium}
_GRAIN_CODES = {grain: meter_pb2.Grain.Value(f"GRAIN_{grain.name}") for grain in Grain}
_STATUSES = {status: meter_pb2.ValueStatus.Value(f"VALUE_STATUS_{status.name}") for status in Status}
_REASONS = {reason: meter_pb2.Reason.Value(f"REASON_{reason.name}") for reason in Reason}

_MEDIUM_WORDS = {code: medium for medium, code in _MEDIA.items()}
_GRAINS = {code: grain for grain, code in _GRAIN_CODES.items()}
_STATUS_WORDS = {code: status for status, code in _STATUSES.items()}
_REASON_WORDS = {code: reason for reason, code in _REASONS.items()}


def medium_code(of: Medium) -> meter_pb2.Medium.ValueType:
    """Return the code of a medium."""
    return _MEDIA[of]


def medium(code: meter_pb2.Medium.ValueType) -> Medium:
    """Return the medium of a code.

    Raises:
        KeyError: this version knows no such medium.
    """
    return _MEDIUM_WORDS[code]


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
    return _GRAIN_CODES[of]


def status_code(of: Status) -> meter_pb2.ValueStatus.ValueType:
    """Return the code of a status."""
    return _STATUSES[of]


def status(code: meter_pb2.ValueStatus.ValueType) -> Status:
    """Return the status of a code; one that this version does not know is nothing to rely on."""
    return _STATUS_WORDS.get(code, Status.PROVISIONAL)


def reason_codes(of: Iterable[Reason]) -> list[meter_pb2.Reason.ValueType]:
    """Return the codes of reasons."""
    return [_REASONS[reason] for reason in of]


def reasons(codes: Iterable[meter_pb2.Reason.ValueType]) -> tuple[Reason, ...]:
    """Return the reasons of codes; one that this version does not know is a reason all the same."""
    return tuple(_REASON_WORDS.get(code, Reason.NOT_FINAL) for code in codes)
