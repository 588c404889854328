"""Where a value stands in a script's ``data``: ``meters[].energy.total``, ``"Energy T1".value``, ``slots[0]``.

``[]`` stands for every element of a list, and several paths of one rule go through their lists side by side: for
``records[].value`` the time ``records[].time`` is that of the same record.
"""

import re
from collections.abc import Iterator
from typing import TypeAlias

from msgspec import Struct

from domain.errors import InvalidValue

Data: TypeAlias = object
"""What JSON can say; a number with a fraction is a ``Decimal``, so that it keeps its digits."""

_STEP = re.compile(
    r'(?:^|\.)(?:"(?P<quoted>[^"]+)"|(?P<name>[^\s.\[\]"{}](?:[^.\[\]"{}]*[^\s.\[\]"{}])?))|\[(?P<index>\d{0,4})\]'
)
_EACH = -1
"""Stands for ``[]`` among the steps; an index is not negative."""


class Path(Struct, frozen=True):
    """A way into data: names of fields, and indices of lists."""

    text: str
    steps: tuple[str | int, ...]
    depth: int = 0
    """How many lists it goes through."""

    @property
    def lists(self) -> tuple[tuple[str | int, ...], ...]:
        """The steps before each ``[]``."""
        return tuple(self.steps[:place] for place, step in enumerate(self.steps) if step == _EACH)

    def runs_along(self, other: "Path") -> bool:
        """Say whether every list this path goes through is one that ``other`` goes through, in the same order."""
        return self.lists == other.lists[: len(self.lists)]

    def each(self, data: Data) -> Iterator[tuple[tuple[int, ...], Data]]:
        """Yield every value that is there, with the indices that lead to it; missing and null are not there.

        Raises:
            InvalidValue: a step leads into something that has neither fields nor elements.
        """
        if not self.depth:
            found = self.at(data, ())
            if found is not None:
                yield (), found
            return
        yield from self._from(data, 0, ())

    def at(self, data: Data, indices: tuple[int, ...]) -> Data:
        """Return the value to which ``indices`` lead through the lists, or None.

        Raises:
            InvalidValue: as ``each``.
        """
        left = iter(indices)
        for step in self.steps:
            if data is None:
                return None
            if isinstance(data, dict) and isinstance(step, str):
                data = data.get(step)
            else:
                data = self._step(data, next(left) if step == _EACH else step)
        return data

    def _from(self, data: Data, place: int, indices: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], Data]]:
        for number in range(place, len(self.steps)):
            if data is None:
                return
            step = self.steps[number]
            if step == _EACH:
                for index, element in enumerate(self._list(data)):
                    yield from self._from(element, number + 1, (*indices, index))
                return
            data = self._step(data, step)
        if data is not None:
            yield indices, data

    def _step(self, data: Data, step: str | int) -> Data:
        if isinstance(step, int):
            elements = self._list(data)
            return elements[step] if step < len(elements) else None
        if isinstance(data, dict):
            return data.get(step)
        raise InvalidValue(f"{self.text}: {step!r} is looked for in {_kind(data)}", field=self.text, value=_kind(data))

    def _list(self, data: Data) -> list[Data]:
        if isinstance(data, list):
            return data
        raise InvalidValue(f"{self.text}: {_kind(data)} is no list", field=self.text, value=_kind(data))


def parse_path(text: str) -> Path:
    """Return the path that ``text`` writes.

    Raises:
        InvalidValue: it writes none.
    """
    steps: list[str | int] = []
    place = 0
    while place < len(text) and not text.startswith("."):
        found = _STEP.match(text, place)
        if found is None or found.end() == place:
            break
        index = found["index"]
        steps.append(found["quoted"] or found["name"] if index is None else int(index) if index else _EACH)
        place = found.end()
    if not steps or place < len(text):
        raise InvalidValue(f"{text!r} is no path: names joined by dots, lists as [] or [0] expected", value=text)
    return Path(text, tuple(steps), steps.count(_EACH))


def _kind(data: Data) -> str:
    return "a list" if isinstance(data, list) else "an object" if isinstance(data, dict) else repr(data)[:80]
