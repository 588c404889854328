"""The table of ports in docs/architecture.md: whoever adds a port finds it there, once."""

import ast
import re
from collections import Counter

from tests.architecture.checkout import ROOT, tracked


def rows() -> Counter[str]:
    """Return how often each port has a row."""
    table = (ROOT / "docs" / "architecture.md").read_text().partition("## Ports")[2].partition("## Laws")[0]
    firsts = (line.split("|")[1] for line in table.splitlines() if line.startswith("| `"))
    return Counter(name for first in firsts for name in re.findall(r"`(\w+)`", first))


def ports() -> dict[str, list[str]]:
    """Return the protocols of each file of ports that has any."""
    found = {file.stem: protocols(file.read_text()) for file in tracked("src/application/ports/*.py")}
    return {name: names for name, names in found.items() if names}


def protocols(source: str) -> list[str]:
    """Return the names of the protocols in ``source``."""
    classes = (node for node in ast.parse(source).body if isinstance(node, ast.ClassDef))
    return [each.name for each in classes if any(ast.unparse(kind) == "Protocol" for kind in each.bases)]


def test_no_port_has_two_rows() -> None:
    assert [name for name, count in rows().items() if count > 1] == []


def test_every_row_is_a_port() -> None:
    assert rows().keys() - {name for names in ports().values() for name in names} == set()


def test_every_file_of_ports_has_a_row() -> None:
    assert [file for file, names in ports().items() if not rows().keys() & set(names)] == []
