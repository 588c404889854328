"""Channels that a mapping writes, some of their tokens taken from the data: ``ch{circuits[].number}.l1``."""

import re
from functools import lru_cache

from msgspec import Struct

from domain.decoding.mapping.path import Data, Path, parse_path
from domain.errors import InvalidValue
from domain.observation import channel

_FROM_DATA = re.compile(r"\{([^{}]*)\}")
_POSITION = "#"
"""``{#}``: which element of the innermost list it is, from 1."""


# A device has few channels, and its payloads name them again and again.
_checked = lru_cache(maxsize=10_000)(channel)


class ChannelText(Struct, frozen=True):
    """A channel in parts: as it stands, from the data, as it stands, …; None among the paths is ``{#}``."""

    literals: tuple[str, ...]
    paths: tuple[Path | None, ...] = ()

    def of(self, data: Data, indices: tuple[int, ...]) -> str:
        """Return the channel of the element to which ``indices`` lead.

        Raises:
            InvalidValue: the data make no channel.
        """
        if not self.paths:
            return self.literals[0]
        text = self.literals[0]
        for path, literal in zip(self.paths, self.literals[1:], strict=True):
            part = indices[-1] + 1 if path is None else path.at(data, indices)
            text += f"{part}{literal}"
        return _checked(text.lower())


def channel_text(text: str, along: Path) -> ChannelText:
    """Return the channel that ``text`` writes, for the values at ``along``.

    Raises:
        InvalidValue: it is none, or takes from lists that ``along`` does not go through.
    """
    parts = _FROM_DATA.split(text)
    literals, names = tuple(parts[::2]), parts[1::2]
    if not names:
        return ChannelText((channel(text),))
    paths: list[Path | None] = []
    for name in names:
        path = None if name == _POSITION else parse_path(name)
        if (path is None and not along.lists) or (path is not None and not path.runs_along(along)):
            raise InvalidValue(
                f"{{{name}}} goes through a list that {along.text!r} does not", field="channel", value=text
            )
        paths.append(path)
    return ChannelText(literals, tuple(paths))
