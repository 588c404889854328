"""The API has a word for each of the domain's, and the client understands it."""

import pytest

from adapters.grpc import meter_codes
from domain.errors import InvalidValue
from domain.meter import Grain, Medium, Reason, Status
from stadtfunk.api.meter.v1 import meter_pb2


def test_every_word_has_its_code_and_every_code_its_word() -> None:
    for words, enum in (
        (Medium, meter_pb2.Medium),
        (Grain, meter_pb2.Grain),
        (Status, meter_pb2.ValueStatus),
        (Reason, meter_pb2.Reason),
    ):
        assert len(words) == len(enum.keys()) - 1
    assert [meter_codes.medium(meter_codes.medium_code(each)) for each in Medium] == list(Medium)
    assert [meter_codes.grain(meter_codes.grain_code(each)) for each in Grain] == list(Grain)
    assert [meter_codes.status(meter_codes.status_code(each)) for each in Status] == list(Status)
    assert meter_codes.reasons(meter_codes.reason_codes(Reason)) == tuple(Reason)


def test_a_code_of_a_later_version_is_nothing_to_bill_by() -> None:
    assert meter_codes.status(meter_pb2.ValueStatus.VALUE_STATUS_UNSPECIFIED) is Status.PROVISIONAL
    assert meter_codes.reasons([meter_pb2.Reason.REASON_UNSPECIFIED]) == (Reason.NOT_FINAL,)


def test_a_grain_must_be_said() -> None:
    with pytest.raises(InvalidValue):
        meter_codes.grain(meter_pb2.Grain.GRAIN_UNSPECIFIED)
