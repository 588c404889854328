"""A number that a role tells whoever collects metrics, beside the counters of its stages."""

from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct

Told = Iterable[tuple[float, Mapping[str, int | str]]]
"""Values, each with what tells it from the others of its name."""


class Figure(Struct, frozen=True):
    """A number, asked for whenever metrics are read."""

    name: str
    unit: str
    told: Callable[[], Told]
    is_total: bool = False
    """It only grows."""
