"""Files stay small, and say nothing of the machine they were written on."""

import re

from tests.architecture.checkout import ROOT, tracked

MOST_LINES = 350
"""Past this a file holds more than one concept: split it along the meaning."""

INDEX = re.compile(
    r"\b(?:pypi|pythonhosted|npmjs|registry\.[a-z]+|repo1?\.maven(?:\.apache)?|deb\.debian)\.(?:org|com|net)\b"
)
"""Where packages come from is the machine's setting: a city behind its own mirror must meet no other here."""

FOLDER = re.compile(r"(?<![\w.$}])/(?:work|root|home/\w+)/")


def test_no_file_is_longer_than_one_concept_needs() -> None:
    files = tracked("src/**.py", "tests/**.py", "bench/**.py", "tools/**.py", "proto/**.py")
    lines = {file.relative_to(ROOT): len(file.read_text().splitlines()) for file in files if not generated(file.parts)}
    assert {str(name): count for name, count in lines.items() if count > MOST_LINES} == {}


def test_no_file_names_a_package_index() -> None:
    assert naming(INDEX) == []


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    assert naming(FOLDER) == []


def naming(pattern: re.Pattern[str]) -> list[str]:
    """Return where ``pattern`` occurs in our files, as ``file:line text``."""
    found = []
    for file in tracked():
        text = file.read_bytes().decode(errors="replace")
        for number, line in enumerate(text.splitlines(), start=1):
            if pattern.search(line):
                found.append(f"{file.relative_to(ROOT)}:{number} {line.strip()}")
    return found


def generated(parts: tuple[str, ...]) -> bool:
    """Return whether the file with these path parts is written by proto/generate.py."""
    return "api" in parts and "stadtfunk" in parts
