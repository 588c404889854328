"""Cells that no spreadsheet takes for a formula.

A cell that begins with ``=``, ``+``, ``-``, ``@``, a tab or a line end is a formula to Excel and others (OWASP, CSV
Injection); an apostrophe before it makes it text. Numbers are left alone, and what was protected reads back as it was.
"""

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?( [+-]?\d+(\.\d*)?)?")
"""Or two with a space between: a place in degrees."""
_PROTECTED = re.compile(r"''*[=+\-@\t\r\n]")


def safe(cell: str) -> str:
    """Return ``cell`` as it may stand in a table."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def plain(cell: str) -> str:
    """Return what ``safe`` was given."""
    return cell[1:] if _PROTECTED.match(cell) and not _NUMBER.fullmatch(cell[1:]) else cell
