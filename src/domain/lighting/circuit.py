"""Circuits and the cabinets they begin in: what goes dark together."""

from msgspec import Struct

from domain.dated import dated_key
from domain.observation import Position


class Circuit(Struct, frozen=True, gc=False, omit_defaults=True, tag="circuit"):
    """What holds of a circuit from ``valid_from_ns`` on."""

    circuit_id: str
    written_us: int
    valid_from_ns: int = 0
    cabinet: str = ""
    schedule: str = ""
    """Switching schedule of its lamps; empty: nobody has said when they should burn."""
    is_switched: bool = True
    """The cabinet switches the circuit itself: by day its controllers have no power and cannot speak."""
    expected_interval_s: int = 0
    """Longest time between two uplinks of a healthy controller that has power; 0: what the registry says of each."""
    removed: bool = False

    @property
    def key(self) -> str:
        """Return what the record is stored under."""
        return dated_key(self.circuit_id, self.valid_from_ns)


class Cabinet(Struct, frozen=True, gc=False, omit_defaults=True, tag="cabinet"):
    """Where circuits begin and are switched."""

    cabinet_id: str
    written_us: int
    name: str = ""
    place: Position | None = None

    @property
    def key(self) -> str:
        """Return what the record is stored under."""
        return self.cabinet_id
