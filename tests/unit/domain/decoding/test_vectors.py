"""Every published payload of our devices means what its source says it means, in canonical readings."""

import msgspec
import pytest

from tests.unit.domain.decoding.vectors import Vector, all_vectors, decode, in_the_form_of_the_file

_VECTORS = [
    pytest.param(device_type, vector, id=f"{device_type}-{vector.number}-{vector.what}")
    for device_type, vector in all_vectors()
]


@pytest.mark.parametrize("device_type, vector", _VECTORS)
class TestVector:
    def test_its_readings_are_those_of_the_source(self, device_type: str, vector: Vector) -> None:
        found = [in_the_form_of_the_file(snapshot) for snapshot in decode(device_type, vector.payload).snapshots]
        # As text: 1, 1.0 and true are equal to Python, and different values.
        assert msgspec.json.encode(found) == msgspec.json.encode(vector.observations)

    def test_what_is_no_reading_is_reported(self, device_type: str, vector: Vector) -> None:
        decoded = decode(device_type, vector.payload)
        assert decoded.attributes == vector.attributes
        assert [[n.code, n.detail] if n.detail else [n.code] for n in decoded.notices] == vector.notices

    def test_it_leaves_nothing_behind_but_pieces(self, device_type: str, vector: Vector) -> None:
        decoded = decode(device_type, vector.payload)
        assert len(decoded.context.fragments) == vector.pieces_waiting
        assert decoded.expired == ()


def test_there_are_as_many_as_were_published() -> None:
    devices = [device_type for device_type, _ in all_vectors()]
    assert {device: devices.count(device) for device in devices} == {
        "bosch_tps110": 3,
        "imst_ioke868": 7,
        "nas_um30xx": 19,
    }
