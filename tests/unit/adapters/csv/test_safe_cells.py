"""Cells that no spreadsheet takes for a formula."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.csv.safe_cells import plain, safe


@pytest.mark.parametrize("cell", ["=1+1", "+49/731", "@SUM(A1)", "-cmd|' /C calc'!A0", "\t=1", "'=1", "-", "-1-1"])
def test_what_could_be_a_formula_becomes_text(cell: str) -> None:
    assert safe(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "-5", "-0.25", "+7", "1e-9", "-48.4 -9.9", "Straße", "a=b", "'quoted'"])
def test_what_is_none_stays_as_it_is(cell: str) -> None:
    assert safe(cell) == cell


@given(st.text(st.sampled_from("'=+-@\t1.5 a")))
def test_what_was_protected_reads_back_as_it_was(cell: str) -> None:
    assert plain(safe(cell)) == cell
