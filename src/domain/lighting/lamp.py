"""Lamps and their control gear, as the city's administration keeps them.

A lamp is a place with light. The controller that speaks for it and the gear in it are exchanged now and then: each
version says from when it holds.
"""

from msgspec import Struct

from domain.dated import dated_key
from domain.observation import Position


class Lamp(Struct, frozen=True, gc=False, omit_defaults=True, tag="lamp"):
    """What holds of a lamp from ``valid_from_ns`` on: its circuit, its controller."""

    lamp_id: str
    written_us: int
    valid_from_ns: int = 0
    circuit: str = ""
    dev_eui: str = ""
    """The controller; empty: none, so that nobody knows how the lamp is."""
    channel: str = ""
    """Which of the controller's values are the lamp's: ``dali3``, ``analog`` …; empty: it has but one lamp."""
    place: Position | None = None
    removed: bool = False
    """From then on there is no such lamp."""
    data_class: str = ""
    """Raises or lowers the class of what its controller says (``DataClass``); empty: the catalogue's."""

    @property
    def key(self) -> str:
        """Return what the record is stored under."""
        return dated_key(self.lamp_id, self.valid_from_ns)


class Gear(Struct, frozen=True, gc=False, omit_defaults=True, tag="lamp_gear"):
    """The control gear (driver and light source) built into a lamp at ``valid_from_ns``; its register starts anew."""

    lamp_id: str
    written_us: int
    valid_from_ns: int = 0
    serial: str = ""
    start_s: int = 0
    """What its register showed when it was built in, in seconds."""
    end_s: int | None = None
    """What it showed when it was taken out; None: still in, or nobody has looked."""

    @property
    def key(self) -> str:
        """Return what the record is stored under."""
        return dated_key(self.lamp_id, self.valid_from_ns)
