"""Frames that say how long they are, or carry a checksum: no part of one passes for a whole."""

import pytest

from domain.decoding import Payload, Undecodable
from tests.unit.domain.decoding.vectors import Vector, decode, vectors_of

_SHORTEST = {"arwin_lrs2m001": 0, "emu_professional_ii": 3, "mcci_4811": 0}
"""By codec: the length from which a frame has a form; two bytes of an EMU meter are a sign of life."""


@pytest.mark.parametrize(
    "codec, vector",
    [
        pytest.param(codec, vector, id=f"{codec}-{vector.number}-{vector.what}")
        for codec in _SHORTEST
        for vector in vectors_of(codec)
    ],
)
def test_a_part_of_a_frame_is_refused(codec: str, vector: Vector) -> None:
    payload = vector.payload
    for length in range(_SHORTEST[codec], len(payload.data)):
        with pytest.raises(Undecodable):
            decode(codec, Payload(payload.data[:length], payload.f_port, payload.network_ns))


@pytest.mark.parametrize("codec", _SHORTEST)
def test_a_frame_with_a_byte_too_many_is_refused(codec: str) -> None:
    for vector in vectors_of(codec):
        payload = vector.payload
        with pytest.raises(Undecodable):
            decode(codec, Payload(payload.data + b"\x5a", payload.f_port, payload.network_ns))
