"""A CSV file row by row."""

from pathlib import Path

import pytest

from adapters.csv.table import BadRow, Row, Table
from application.errors import Refused


def rows_of(tmp_path: Path, content: bytes | str) -> list[Row | BadRow]:
    """Return the rows of a file with this content."""
    path = tmp_path / "table.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with Table(path) as table:
        return list(table.rows())


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_rows_are_read_whatever_stands_between_their_cells(tmp_path: Path, delimiter: str, line_end: str) -> None:
    lines = [delimiter.join(cells) for cells in (["a", "b"], ["1", "2"], ["3", "ü"])]
    assert rows_of(tmp_path, line_end.join(lines)) == [Row(2, {"a": "1", "b": "2"}), Row(3, {"a": "3", "b": "ü"})]


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    assert rows_of(tmp_path, "\ufeffa,b\n1,2") == [Row(2, {"a": "1", "b": "2"})]


def test_names_of_columns_are_taken_without_case_and_blanks(tmp_path: Path) -> None:
    assert rows_of(tmp_path, "Device Type , ZONE\nx,y") == [Row(2, {"device_type": "x", "zone": "y"})]


def test_the_name_of_an_entry_is_as_it_is_written(tmp_path: Path) -> None:
    assert rows_of(tmp_path, "LABELS.Tür Nr,registers.C.1.0\nx,y") == [
        Row(2, {"labels.Tür Nr": "x", "registers.C.1.0": "y"})
    ]


def test_a_row_in_another_encoding_is_told_and_its_neighbours_are_read(tmp_path: Path) -> None:
    bad, good = rows_of(tmp_path, b"a,b\n1,T\xfcr\n2,T\xc3\xbcr\n")
    assert isinstance(bad, BadRow)
    assert (bad.line, "UTF-8" in bad.message) == (2, True)
    assert good == Row(3, {"a": "2", "b": "Tür"})


@pytest.mark.parametrize(
    "content",
    [
        "a,b\n1,2\n".encode("utf-16"),
        b"T\xfcr,b\n1,2\n",
        b"a,b\r1,2\r3,4\r",
        b"a" * 2_000_000,
        b"a,b\0\n1,2\n",
        b'"' + b"a" * 20_000 + b"\n",
    ],
)
def test_a_file_whose_first_line_is_no_header_is_no_table(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(Refused):
        rows_of(tmp_path, content)


def test_what_is_said_of_a_bad_row_shows_no_key(tmp_path: Path) -> None:
    key = "00112233445566778899aabbccddeeff"
    [bad] = rows_of(tmp_path, f"device,keys.aes\n70b3d57ed0000001,{key},\n")
    assert isinstance(bad, BadRow)
    assert key[:8] not in bad.message


def test_a_row_that_no_request_could_hold_is_told(tmp_path: Path) -> None:
    bad, good = rows_of(tmp_path, ",".join("abcdefgh") + "\n" + ",".join(["x" * 9_000] * 8) + "\n" + "1,,,,,,,")
    assert isinstance(bad, BadRow)
    assert good == Row(3, {"a": "1"})


def test_an_empty_cell_says_nothing_and_an_empty_line_is_no_row(tmp_path: Path) -> None:
    assert rows_of(tmp_path, "a,b\n\n1,\n") == [Row(3, {"a": "1"})]


def test_a_cell_of_several_lines_keeps_the_lines_of_the_rows_behind_it(tmp_path: Path) -> None:
    assert rows_of(tmp_path, 'a,b\n"x\ny",1\nz,2') == [Row(2, {"a": "x\ny", "b": "1"}), Row(4, {"a": "z", "b": "2"})]


def test_a_row_of_another_length_is_told_and_its_neighbours_are_read(tmp_path: Path) -> None:
    bad, good = rows_of(tmp_path, "a,b\n1\n3,4")
    assert isinstance(bad, BadRow)
    assert (bad.line, "1 cells where the header has 2" in bad.message) == (2, True)
    assert good == Row(3, {"a": "3", "b": "4"})


def test_a_quote_that_is_never_closed_is_told(tmp_path: Path) -> None:
    [bad] = rows_of(tmp_path, 'a,b\n"1,2\n3,4\n')
    assert isinstance(bad, BadRow)
    assert bad.line == 2


@pytest.mark.parametrize(
    "content,message",
    [
        (b"", "must name every column"),
        (b"a,,b\n", "must name every column"),
        (b"a,b,A\n", "is there twice"),
        ("M\u00fcnsterplatz\nname".encode("latin-1"), "save it as CSV in UTF-8"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(Refused, match=message):
        rows_of(tmp_path, content)


def test_a_file_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"none\.csv"), Table(tmp_path / "none.csv"):
        pass
