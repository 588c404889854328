"""Payloads that differ in their values only are taken apart once, and from then on read at one stroke.

A reader sends the same fields all its life, with another time and other mantissas. What lies around these values
(types and lengths of fields, codes, units, scalers, the status) is the same in a whole fleet of meters: some dozen
layouts. What is not as plain as that (a text, a field that nobody knows, two readings of one name, numbers without a
unit) has no layout and is read field by field. The result is the same: a test compares both.
"""

from domain.decoding.codecs.imst_ioke868.fields import Fields, walked
from domain.decoding.codecs.imst_ioke868.layout import Examination, Layout

_MOST_MASKS = 16
_MOST_LAYOUTS = 256
"""Of one length, and of one mask: a fleet has a dozen in all. What is made to do harm finds no room for more."""

_ByMask = dict[int, dict[int, Layout | None]]
"""Layouts by the bits that tell them, and by the values of these; None: met before, and not plain."""
_NONE: _ByMask = {}


class Layouts:
    """The layouts that were met."""

    def __init__(self) -> None:
        self._known: dict[int, _ByMask] = {}
        """By length."""

    @property
    def number(self) -> int:
        """How many there are."""
        return sum(len(layouts) for by_mask in self._known.values() for layouts in by_mask.values())

    def of(self, data: bytes) -> Layout | None:
        """Return the layout of ``data``; None: it has none."""
        number = int.from_bytes(data)
        for mask, layouts in self._known.get(len(data), _NONE).items():
            told = number & mask
            if told in layouts:
                return layouts[told]
        return self._learned(data, number)

    def _learned(self, data: bytes, number: int) -> Layout | None:
        examination = Examination(data)
        layout, mask = examination.layout(), examination.mask
        by_mask = self._known.setdefault(len(data), {})
        if len(by_mask) >= _MOST_MASKS and mask not in by_mask:
            by_mask.clear()
        layouts = by_mask.setdefault(mask, {})
        if len(layouts) >= _MOST_LAYOUTS:
            layouts.clear()
        layouts[number & mask] = layout
        return layout


_LAYOUTS = Layouts()


def read_fields(data: bytes) -> Fields:
    """Return what the whole fields at the beginning of ``data`` say."""
    layout = _LAYOUTS.of(data)
    return (layout.read(data) if layout is not None else None) or walked(data)
