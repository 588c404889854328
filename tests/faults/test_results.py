"""The page of results: its text stays, its table is that of the newest run of each fault."""

from pathlib import Path

import pytest

from tests.faults.results import Result, write

TEXT = "# Reliability\n\nA promise.\n\n<!-- made by `make faults`: begin -->\n<!-- end -->\n\n## After it\n"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A page without a table."""
    page = tmp_path / "reliability.md"
    page.write_text(TEXT)
    return page


def a_result(number: str = "10", fault: str = "kill -9", subject: str = "sink", *, kills: int = 1) -> Result:
    """Return a result."""
    return Result(number, fault, subject, kills, machine="2 cores", day="2026-11-23", commit="abc")


def rows(page: Path) -> list[str]:
    """Return the rows of the table."""
    return [line for line in page.read_text().splitlines() if line.startswith("| ")][2:]


def test_the_text_around_the_table_stays(page: Path) -> None:
    write(page, [a_result()])
    write(page, [a_result()])
    before, _, after = TEXT.partition("<!-- made by `make faults`: begin -->\n<!-- end -->")
    assert page.read_text().startswith(before)
    assert page.read_text().endswith(after)


def test_rows_stand_in_the_order_of_the_list_of_faults(page: Path) -> None:
    write(page, [a_result("28"), a_result("9", "Mosquitto dies"), a_result("10", "zombie")])
    assert [row.split(" | ")[0] for row in rows(page)] == ["| 9", "| 10", "| 28"]


def test_a_fault_that_is_done_again_replaces_its_row_and_leaves_the_others(page: Path) -> None:
    write(page, [a_result(kills=1), a_result(subject="ingest", kills=2)])
    write(page, [a_result(kills=5)])
    assert [row.split(" | ")[2:4] for row in rows(page)] == [["ingest", "2"], ["sink", "5"]]


def test_what_differs_is_told(page: Path) -> None:
    result = a_result()
    result.frames = "3: one is missing"
    write(page, [result])
    assert rows(page)[0].count("**differ**") == 1
