"""Payloads that differ in their values only are taken apart once, and from then on read at one stroke.

A reader sends the same fields all its life, with another time and other mantissas. What lies around these values
(types and lengths of fields, codes, units, scalers, the status) is the same in a whole fleet of meters: some dozen
layouts. What is not as plain as that (a text, a field that nobody knows, two readings of one name, numbers without a
unit) has no layout and is read field by field. The result is the same: a test compares both.
"""

from collections.abc import Callable
from itertools import groupby
from struct import Struct as Form
from typing import Literal

from domain.decoding.codecs.imst_ioke868.fields import Fields, walked
from domain.decoding.codecs.imst_ioke868.layout import Examination, Layout

_MOST_MASKS = 16
_MOST_LAYOUTS = 256
"""Of one length, and of one mask: a fleet has a dozen in all. What is made to do harm finds no room for more."""

_Tells = Callable[[bytes], tuple[bytes, ...]]
"""Takes those bytes out of a payload that tell its layout."""
_Told = dict[tuple[bytes, ...], Layout | Literal[False]]
"""Layouts by these bytes; False: met before, and not plain."""


class Layouts:
    """The layouts that were met."""

    def __init__(self) -> None:
        self._known: dict[int, dict[bytes, tuple[_Tells, _Told]]] = {}
        """By length, and by the mask of the bytes that tell."""
        self._at_hand: dict[int, tuple[tuple[_Tells, _Told], ...]] = {}
        """The same by length, for they are looked up with every payload."""

    @property
    def number(self) -> int:
        """How many there are."""
        return sum(len(told) for by_mask in self._known.values() for _, told in by_mask.values())

    def of(self, data: bytes) -> Layout | None:
        """Return the layout of ``data``; None: it has none."""
        for tells, told in self._at_hand.get(len(data), ()):
            layout = told.get(tells(data))
            if layout is not None:
                return layout or None
        return self._learned(data)

    def _learned(self, data: bytes) -> Layout | None:
        examination = Examination(data)
        layout, mask = examination.layout(), examination.mask
        by_mask = self._known.setdefault(len(data), {})
        if len(by_mask) >= _MOST_MASKS and mask not in by_mask:
            by_mask.clear()
        tells, told = by_mask.setdefault(mask, (_telling(mask), {}))
        self._at_hand[len(data)] = tuple(by_mask.values())
        if len(told) >= _MOST_LAYOUTS:
            told.clear()
        told[tells(data)] = layout or False
        return layout


def _telling(mask: bytes) -> _Tells:
    """Return what takes the bytes out of a payload that ``mask`` marks, in as few pieces as there are."""
    return Form("".join([f"{len(list(run))}{'s' if is_told else 'x'}" for is_told, run in groupby(mask)])).unpack


_LAYOUTS = Layouts()


def read_fields(data: bytes) -> Fields:
    """Return what the whole fields at the beginning of ``data`` say."""
    layout = _LAYOUTS.of(data)
    return (layout.read(data) if layout is not None else None) or walked(data)
