"""The measured blocks of the page on performance."""

import pytest

from bench.__main__ import PIPELINES
from bench.page import PAGE, when_and_what, with_block

TEXT = """# Performance
<!-- measured: rows -->
old
<!-- end of measured -->
said by hand
<!-- measured: burst -->
<!-- end of measured -->
"""


def test_figures_take_the_place_of_those_before() -> None:
    text = with_block(TEXT, "rows", ["5,379/s"])
    assert "<!-- measured: rows -->\n```\n5,379/s\n```\n<!-- end of measured -->" in text
    assert "old" not in text
    assert text == with_block(text, "rows", ["5,379/s"])


def test_all_else_on_the_page_stays() -> None:
    text = with_block(TEXT, "rows", ["new"])
    assert "said by hand\n<!-- measured: burst -->\n<!-- end of measured -->" in text


def test_a_page_without_the_place_is_told() -> None:
    with pytest.raises(LookupError, match="measured: latency"):
        with_block(TEXT, "latency", [])


@pytest.mark.parametrize("name", PIPELINES)
def test_the_page_has_a_place_for_each_measurement(name: str) -> None:
    assert with_block(PAGE.read_text(encoding="utf-8"), name, ["figure"])


def test_figures_say_of_which_commit_they_are() -> None:
    assert when_and_what().startswith("20")
