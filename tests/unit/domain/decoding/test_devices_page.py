"""docs/devices.md, which is made from decoders and vectors."""

from pathlib import Path

from tools.devices import page

_PAGE = Path(__file__).parents[4] / "docs" / "devices.md"


def test_the_page_says_what_the_decoders_and_their_vectors_say() -> None:
    assert _PAGE.read_text(encoding="utf-8") == page(), "run make docs"
