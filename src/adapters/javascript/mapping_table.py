"""One table of a mapping file: its fields one by one, so that every mistake is named and not only the first."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from difflib import get_close_matches
from typing import TypeVar

from domain.decoding.mapping import Path, parse_path, text_of
from domain.errors import DomainError

T = TypeVar("T")


class MappingTable:
    """Reads fields of one table; what is wrong is added to ``mistakes`` with its place, value and remedy."""

    def __init__(self, place: str, raw: object, mistakes: list[str]) -> None:
        self.place = place
        self._mistakes = mistakes
        self._raw: Mapping[str, object] = raw if isinstance(raw, dict) else {}
        if not isinstance(raw, dict):
            self.wrong("", raw, "a table expected")

    def wrong(self, key: str, value: object, remedy: str) -> None:
        """Note a mistake."""
        place = ".".join(part for part in (self.place, key) if part)
        self._mistakes.append(f"{place} = {_shown(value)}: {remedy}")

    def known(self, *keys: str) -> None:
        """Note every field that is none of ``keys``."""
        for key in self._raw:
            if key not in keys:
                near = get_close_matches(key, keys, 1)
                remedy = f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(keys)}"
                self._mistakes.append(f"{self.place}.{key} is unknown: {remedy}".lstrip("."))

    def has(self, key: str) -> bool:
        """Say whether the field is given."""
        return key in self._raw

    def given(self, key: str) -> object:
        """Return the field as it stands, or None."""
        return self._raw.get(key)

    def tables(self, key: str) -> list["MappingTable"]:
        """Return the tables of ``[[key]]``."""
        rows = self._raw.get(key, [])
        if not isinstance(rows, list):
            self.wrong(key, rows, f"tables expected, written as [[{key}]]")
            return []
        return [MappingTable(f"{key}[{index}]", row, self._mistakes) for index, row in enumerate(rows)]

    def table(self, key: str) -> "MappingTable | None":
        """Return the table below the field, if there is one."""
        place = ".".join(part for part in (self.place, key) if part)
        return MappingTable(place, self._raw[key], self._mistakes) if key in self._raw else None

    def text(self, key: str, default: str | None = None) -> str | None:
        """Return a text; without ``default`` it must be given."""
        value = self._raw.get(key, default)
        if isinstance(value, str) and (value or default is not None):
            return value
        if value is None:
            self._mistakes.append(f"{self.place}.{key} is missing")
        else:
            self.wrong(key, value, "a text expected")
        return None

    def read(self, key: str, reader: Callable[[str], T], default: str | None = None) -> T | None:
        """Return a text as ``reader`` understands it, or None."""
        text = self.text(key, default)
        if text is None:
            return None
        try:
            return reader(text)
        except DomainError as error:
            self.wrong(key, text, error.message)
            return None

    def path(self, key: str, along: Path | None = None) -> Path | None:
        """Return a path, which must be given; it may go through no other lists than ``along``."""
        path = self.read(key, parse_path)
        if path is not None and along is not None and not path.runs_along(along):
            self.wrong(key, path.text, f"it goes through a list that {along.text!r} does not")
            return None
        return path

    def optional_path(self, key: str, along: Path | None) -> Path | None:
        """Return a path, or None if none is given."""
        return self.path(key, along) if key in self._raw else None

    def one_of(self, key: str, choices: Sequence[str], default: str) -> str:
        """Return one of ``choices``."""
        value = self._raw.get(key, default)
        if isinstance(value, str) and value in choices:
            return value
        self.wrong(key, value, f"one of {', '.join(choices)} expected")
        return default

    def number(self, key: str) -> Decimal | None:
        """Return a number with the digits it is written with, or None if there is none."""
        value = self._raw.get(key)
        if value is None:
            return None
        if isinstance(value, int | Decimal) and not isinstance(value, bool) and Decimal(value).is_finite():
            return Decimal(value)
        self.wrong(key, value, "a number expected")
        return None

    def texts(self, key: str) -> frozenset[str]:
        """Return the values of a list, each as text; none is given: empty."""
        values = self._raw.get(key, [])
        if isinstance(values, list):
            try:
                return frozenset(text_of(value) for value in values)
            except DomainError as error:
                self.wrong(key, values, error.message)
                return frozenset()
        self.wrong(key, values, "a list expected")
        return frozenset()


def _shown(value: object) -> str:
    return str(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else repr(value)[:80]
