"""What the domain may import: what is listed here, and nothing else."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.checkout import ROOT

DOMAIN = ROOT / "src" / "domain"

ALLOWED = {
    "__future__",
    "base64",
    "binascii",
    "bisect",
    "collections",
    "dataclasses",
    "datetime",  # calendars and formats; `now` is forbidden below
    "decimal",
    "enum",
    "fnmatch",
    "fractions",
    "functools",
    "itertools",
    "math",
    "operator",
    "re",
    "string",
    "struct",
    "types",
    "typing",
    "zlib",
    "domain",
    "msgspec",  # its values are structs of msgspec: docs/adr
}
"""Names that compute and do nothing else: no files, no network, no processes, no threads, no randomness, no log."""

CLOCKS = {"now", "utcnow", "today", "time", "time_ns", "monotonic", "perf_counter"}


def test_the_domain_imports_only_what_is_listed() -> None:
    assert sorted(imported() - ALLOWED) == []


def test_the_domain_reads_no_clock() -> None:
    calls = {
        f"{file.relative_to(ROOT)}:{node.lineno} {ast.unparse(node.func)}"
        for file, node in nodes()
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS
    }
    assert calls == set()


def imported() -> set[str]:
    """Return the top-level names that the domain imports."""
    names = set()
    for _, node in nodes():
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            # A relative import has no name of its own and stays inside.
            names.add((node.module or "domain").partition(".")[0] if node.level == 0 else "domain")
    return names


def nodes() -> Iterator[tuple[Path, ast.AST]]:
    """Yield every syntax node of the domain with its file."""
    for file in DOMAIN.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            yield file, node
