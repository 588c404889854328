"""What a meter is: its maker and its medium.

Source: EN 13757-7, manufacturer identification and table of device types.
"""

_MEDIA = (
    *("other", "oil", "electricity", "gas", "heat (outlet)", "steam", "hot water", "water"),
    *("heat cost allocator", "compressed air", "cooling (outlet)", "cooling (inlet)", "heat (inlet)"),
    *("heat and cooling", "bus or system", "unknown"),
)
_LATER_MEDIA = {0x15: "hot water", 0x16: "cold water", 0x17: "dual water", 0x18: "pressure", 0x19: "A/D converter"}

ELECTRICITY, GAS, HEAT, COOLING, WATER = "electricity", "gas", "heat", "cooling", "water"
_KINDS = {
    0x02: ELECTRICITY,
    0x03: GAS,
    **dict.fromkeys((0x04, 0x0C, 0x0D), HEAT),
    **dict.fromkeys((0x0A, 0x0B), COOLING),
    **dict.fromkeys((0x06, 0x07, 0x15, 0x16, 0x17), WATER),
}


def kind_of(medium: int | None) -> str | None:
    """Return what a meter of ``medium`` bills; None: unknown, or nothing that we have measurands for."""
    return _KINDS.get(medium or 0)


def medium_name(medium: int) -> str:
    """Return the medium as people say it."""
    return _MEDIA[medium] if medium < len(_MEDIA) else _LATER_MEDIA.get(medium, "unknown")


def manufacturer(code: int) -> str:
    """Return the maker's three letters, five bits each (FLAG association)."""
    return "".join(chr((code >> shift & 0x1F) + 64) for shift in (10, 5, 0))
