"""The measured blocks of docs/performance.md: the text around them is written by hand, the figures by the run."""

import re
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
_END = "<!-- end of measured -->"


def write(page: Path, blocks: Mapping[str, Sequence[str]], conditions: Sequence[str]) -> None:
    """Put the lines of each measurement, with ``conditions`` above them, in the place of those it had on ``page``.

    Raises:
        LookupError: the page has no place for one.
    """
    text = page.read_text(encoding="utf-8")
    for name, lines in blocks.items():
        text = with_block(text, name, [*conditions, *lines])
    page.write_text(text, encoding="utf-8")


def with_block(text: str, name: str, lines: Sequence[str]) -> str:
    """Return ``text`` with ``lines`` as the figures of ``name``.

    Raises:
        LookupError: it has no place for them.
    """
    begin = f"<!-- measured: {name} -->"
    place = re.compile(f"{re.escape(begin)}.*?{re.escape(_END)}", re.DOTALL)
    if place.search(text) is None:
        raise LookupError(f"the page has no lines {begin} and {_END}")
    block = "\n".join((begin, "```", *lines, "```", _END))
    return place.sub(lambda _: block, text, count=1)


def when_and_what() -> str:
    """Return today and the commit that is measured, with a mark if the checkout differs from it."""
    commit = _git("rev-parse", "--short", "HEAD") or "no commit"
    changed = " with changes" if _git("status", "--porcelain", "--untracked-files=no", "--", "src", "bench") else ""
    return f"{datetime.now(UTC):%Y-%m-%d}, {commit}{changed}"


def _git(*words: str) -> str:
    asked = subprocess.run(["git", *words], cwd=PAGE.parent, capture_output=True, text=True, check=False)  # noqa: S607  fixed words
    return asked.stdout.strip()
