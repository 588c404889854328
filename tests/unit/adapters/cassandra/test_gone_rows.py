"""Which devices stood in a foreign table at the last look, and are gone since."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from adapters.cassandra.gone_rows import GoneRows
from application.errors import Refused, Unavailable, WrongShape


def opened(path: Path) -> GoneRows:
    """Return what is remembered, as a new process reads it."""
    rows = GoneRows(path)
    rows.load()
    return rows


def looked(rows: GoneRows, there: Mapping[str, str]) -> Mapping[str, str]:
    """Look at a table; return what is gone, which is then known."""
    for key, device in there.items():
        rows.note(key, device)
    gone = rows.gone()
    rows.keep()
    return gone


def test_at_the_first_look_nothing_is_gone(tmp_path: Path) -> None:
    assert looked(opened(tmp_path / "seen.json"), {"a": "01"}) == {}


def test_what_is_gone_is_told_once_though_the_process_was_another(tmp_path: Path) -> None:
    path = tmp_path / "seen.json"
    looked(opened(path), {"a": "01", "b": "02"})
    rows = opened(path)
    assert looked(rows, {"b": "02"}) == {"a": "01"}
    assert looked(rows, {"b": "02"}) == {}


def test_what_was_not_kept_is_told_again(tmp_path: Path) -> None:
    path = tmp_path / "seen.json"
    looked(opened(path), {"a": "01"})
    assert opened(path).gone() == {"a": "01"}
    assert opened(path).gone() == {"a": "01"}


def test_a_device_in_another_row_is_not_gone_however_it_is_written(tmp_path: Path) -> None:
    rows = opened(tmp_path / "seen.json")
    looked(rows, {"old name": "70B3", "nameless": ""})
    assert looked(rows, {"new name": "70b3"}) == {}


@pytest.mark.parametrize(
    "before,gone,too_much", [(5, 5, False), (11, 11, True), (1_000, 100, False), (1_000, 101, True)]
)
def test_more_than_a_tenth_at_once_is_too_much(tmp_path: Path, before: int, gone: int, too_much: bool) -> None:
    rows = opened(tmp_path / "seen.json")
    looked(rows, {str(number): str(number) for number in range(before)})
    for number in range(gone, before):
        rows.note(str(number), str(number))
    assert rows.is_too_much(rows.gone()) is too_much


def test_a_look_that_is_dropped_changes_nothing(tmp_path: Path) -> None:
    rows = opened(tmp_path / "seen.json")
    looked(rows, {"a": "01"})
    rows.drop()
    assert looked(rows, {"a": "01"}) == {}


def test_a_file_of_somebody_else_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "seen.json").write_text("[]")
    with pytest.raises(WrongShape, match="remove it"):
        opened(tmp_path / "seen.json")
    with pytest.raises(Refused, match="correct memory_file"):
        opened(tmp_path)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="see memory_file"):
        looked(opened(tmp_path / "nowhere" / "seen.json"), {"a": "01"})
