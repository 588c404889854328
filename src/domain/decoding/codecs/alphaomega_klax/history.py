"""What a packet says of now, and of the last times the meter was read.

The reader has no clock. It reads the meter at every interval (a quarter of an hour unless set otherwise), keeps four
values and sends them; the newest is up to an interval old. So times are slots: the last full interval before the
network received the packet, and those before it. Whoever sends a value again sends it for the same slot.
"""

from collections.abc import Sequence

from domain.decoding.codec import Context, Notice, Payload, Snapshot
from domain.decoding.codecs.alphaomega_klax.filters import measured_by, quality_of, reading
from domain.observation import Reading
from domain.rfc3339 import NS_PER_S

SLOTS = 4
INTERVAL = "interval_min"
"""The name under which the context keeps the interval."""
_MINUTE_NS = 60 * NS_PER_S
_DELIVERED_NS = 15 * _MINUTE_NS

Numbers = Sequence[int | None]
"""Values, newest first; None: the meter was not read."""
_WHOLE = (0,) * SLOTS


class History:
    """The readings of a packet in the making."""

    __slots__ = ("_context", "_payload", "_slots", "_told", "is_meter_known", "notices", "now")

    def __init__(self, payload: Payload, context: Context) -> None:
        self.now: list[Reading] = []
        self.notices: list[Notice] = []
        self.is_meter_known = False
        """Whether the packet has said who the meter is."""
        self._payload = payload
        self._context = context
        self._slots: tuple[list[Reading], ...] = ([], [], [], [])
        self._told: tuple[tuple[str, str], ...] = ()
        """What slots have values of; of two filters for the same the first counts."""

    def add_past(self, filter_id: int, unit: int, numbers: Numbers, exponents: Sequence[int] = _WHOLE) -> None:
        """Take the values of ``filter_id``, each times its power of ten; newest first."""
        measured = measured_by(filter_id, self._payload, self._context)
        quality = quality_of(measured, unit)
        if measured is None or not quality or measured.thing in self._told:
            self._note(filter_id, unit, numbers, exponents)
            return
        self._told += (measured.thing,)
        for slot, number, exponent in zip(self._slots, numbers, exponents, strict=True):
            if number is not None:
                found = reading(measured, number, exponent, quality)
                if found is None:
                    self._note(filter_id, unit, (number,), (exponent,))
                else:
                    slot.append(found)

    def add_now(self, filter_id: int, unit: int, number: int, exponent: int = 0) -> None:
        """Take the present value of ``filter_id``."""
        measured = measured_by(filter_id, self._payload, self._context)
        quality = quality_of(measured, unit)
        found = reading(measured, number, exponent, quality) if measured is not None and quality else None
        if found is None or any((r.measurand, r.channel) == (found.measurand, found.channel) for r in self.now):
            self._note(filter_id, unit, (number,), (exponent,))
        else:
            self.now.append(found)

    def snapshots(self) -> tuple[Snapshot, ...]:
        """Return what was true now and at each slot."""
        interval = self._context.settings.get(INTERVAL)
        interval_ns = _DELIVERED_NS if interval is None else int(interval) * _MINUTE_NS
        age_ns = self._payload.network_ns % interval_ns
        found = [Snapshot(tuple(self.now) if age_ns else self._present())]
        for slot in self._slots:
            if slot:
                found.append(Snapshot(tuple(slot), None, age_ns, interval_ns))
            age_ns += interval_ns
        return tuple(found)

    def _present(self) -> tuple[Reading, ...]:
        """Return what is true now, without what the newest slot says of the very same instant."""
        known = {(each.measurand, each.channel) for each in self._slots[0]}
        return tuple(each for each in self.now if (each.measurand, each.channel) not in known)

    def _note(self, filter_id: int, unit: int, numbers: Numbers, exponents: Sequence[int]) -> None:
        texts = ("-" if n is None else f"{n}e{e}" for n, e in zip(numbers, exponents, strict=True))
        self.notices.append(Notice("value_unknown", f"filter {filter_id} unit {unit}: {', '.join(texts)}"))
