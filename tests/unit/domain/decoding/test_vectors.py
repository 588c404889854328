"""Every published payload of our devices means what its source says it means, in canonical readings."""

import re

import msgspec
import pytest

from domain.decoding import CODECS, DECODERS, Undecodable
from domain.observation import MEASURANDS
from tests.unit.domain.decoding.cases import cases
from tests.unit.domain.decoding.vectors import (
    Vector,
    context_before,
    decode,
    in_the_form_of_the_file,
    vector_files,
    vectors_of,
)

_TARGET = re.compile(r"[a-z]+(?:\.[a-z_]+)+|position")


@pytest.mark.parametrize("codec, vector", cases(refused=False))
class TestVector:
    def test_its_readings_are_those_of_the_source(self, codec: str, vector: Vector) -> None:
        decoded = decode(codec, vector.payload, context_before(codec, vector))
        found = [in_the_form_of_the_file(snapshot) for snapshot in decoded.snapshots]
        # As text: 1, 1.0 and true are equal to Python, and different values.
        assert msgspec.json.encode(found) == msgspec.json.encode(vector.observations)

    def test_what_is_no_reading_is_reported(self, codec: str, vector: Vector) -> None:
        decoded = decode(codec, vector.payload, context_before(codec, vector))
        assert decoded.attributes == vector.attributes
        assert [[n.code, n.detail] if n.detail else [n.code] for n in decoded.notices] == vector.notices

    def test_it_leaves_nothing_behind_but_pieces(self, codec: str, vector: Vector) -> None:
        decoded = decode(codec, vector.payload, context_before(codec, vector))
        assert len(decoded.context.fragments) == vector.pieces_waiting
        assert decoded.expired == ()


@pytest.mark.parametrize("codec, vector", cases(refused=True))
def test_what_its_source_calls_an_error_is_refused(codec: str, vector: Vector) -> None:
    with pytest.raises(Undecodable) as caught:
        decode(codec, vector.payload, context_before(codec, vector))
    assert caught.value.code == vector.refused


@pytest.mark.parametrize("codec", CODECS)
class TestVectorFiles:
    def test_there_are_some_and_none_twice(self, codec: str) -> None:
        numbers = [(file.source.path, vector.number) for file in vector_files(codec) for vector in file.vectors]
        assert numbers
        assert len(numbers) == len(set(numbers))

    def test_their_device_type_and_firmware_choose_the_codec(self, codec: str) -> None:
        for file in vector_files(codec):
            for vector in file.vectors:
                firmware = vector.firmware or file.firmware
                assert DECODERS.of(file.device_type, firmware, vector.payload.network_ns) is CODECS[codec]

    def test_their_mapping_names_every_measurand_they_give(self, codec: str) -> None:
        targets = " ".join(target for file in vector_files(codec) for target in file.mapping.values())
        mapped = {word for word in _TARGET.findall(targets) if word in MEASURANDS}
        given = {r.measurand for vector in vectors_of(codec) for each in vector.observations for r in each.readings}
        assert given <= mapped
