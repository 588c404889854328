"""Frames whose fields all have four bytes, which is what meters mostly send: read at once.

A meter sends the fields that its user has chosen, always the same; how they are to be read is worked out once.
"""

from functools import lru_cache
from struct import Struct as Format

from msgspec import Struct

from domain.decoding.codecs.emu_professional_ii.identity import LENGTHS, TIMES
from domain.decoding.codecs.emu_professional_ii.values import VALUES
from domain.observation import Reading, gauge, register

_WIDTH = 4
STRIDE = 1 + _WIDTH
"""A type and four bytes."""


class Layout(Struct, frozen=True, gc=False):
    """How the fields of a frame are read."""

    form: Format
    fields: tuple[tuple[str, str, int, bool], ...]
    """Measurand, channel, scale, and whether it is a register."""

    def read(self, data: bytes, position: int) -> tuple[Reading, ...]:
        """Return what the fields from ``position`` on say."""
        numbers = self.form.unpack_from(data, position)
        return tuple(
            [
                register(name, channel, number * scale, -4) if counts else gauge(name, channel, number / scale)
                for number, (name, channel, scale, counts) in zip(numbers, self.fields, strict=True)
            ]
        )


@lru_cache(maxsize=1024)
def layout(kinds: bytes) -> Layout | None:
    """Return how fields of these types are read; None: one has no four bytes, or two are for the same thing."""
    codes, fields = "<", []
    for kind in kinds:
        value = VALUES.get(kind)
        if value is not None and value[1] == _WIDTH:
            _, _, (name, channel), scale, rank = value
            codes += "xi" if rank is None else "xI"
            fields.append((name, channel, scale, rank is not None))
        elif kind in TIMES and LENGTHS[kind] == _WIDTH:
            codes += "x4x"
        else:
            return None
    things = {(name, channel) for name, channel, _, _ in fields}
    return Layout(Format(codes), tuple(fields)) if fields and len(things) == len(fields) else None
