"""Vectors as cases for pytest."""

import pytest
from _pytest.mark import ParameterSet

from domain.decoding import CODECS
from tests.unit.domain.decoding.vectors import named_vector_files


def cases(*, refused: bool) -> list[ParameterSet]:
    """Return every vector with its codec as a case for pytest: those that are refused, or those that are read."""
    return [
        pytest.param(codec, vector, id=f"{name}-{vector.number}-{vector.what}")
        for codec in CODECS
        for name, file in named_vector_files(codec).items()
        for vector in file.vectors
        if bool(vector.refused) is refused
    ]
