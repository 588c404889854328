"""The fields of a frame, one after the other.

Source: as the package. A type that is unknown has an unknown length: nothing behind it can be read.
"""

from domain.decoding.codec import Notice, Undecodable
from domain.decoding.codecs.emu_professional_ii.identity import ATTRIBUTES, ERROR_CODE, LENGTHS, SERIAL, alarms, digits
from domain.decoding.codecs.emu_professional_ii.values import VALUES
from domain.decoding.refusals import malformed
from domain.observation import NotExact, Reading, gauge, register, state


class Fields:
    """What the fields say."""

    __slots__ = ("_ranks", "attributes", "notices", "readings")

    def __init__(self) -> None:
        self.readings: dict[tuple[str, str], Reading] = {}
        self.attributes: dict[str, str] = {}
        self.notices: list[Notice] = []
        self._ranks: dict[tuple[str, str], int] = {}

    def read(self, data: bytes, position: int, end: int) -> None:
        """Read the fields of ``data`` from ``position`` to ``end``.

        Raises:
            Undecodable: a field goes beyond ``end``.
        """
        readings, ranks = self.readings, self._ranks
        while position < end:
            kind = data[position]
            start = position + 1
            value = VALUES.get(kind)
            if value is None:
                position = self._describe(kind, data, start, end)
                continue
            unpack, length, key, scale, rank = value
            position = start + length
            if position > end:
                raise _cut(kind)
            if rank is None:
                readings.setdefault(key, gauge(key[0], key[1], unpack(data, start)[0] / scale))
            elif rank > ranks.get(key, -1):  # of several counters for one thing the finest and widest counts
                try:
                    readings[key] = register(key[0], key[1], unpack(data, start)[0] * scale, -4)
                    ranks[key] = rank
                except NotExact as refusal:
                    self.notices.append(Notice("register_not_exact", str(refusal)))

    def _describe(self, kind: int, data: bytes, start: int, end: int) -> int:
        """Take what the meter says of itself; return where the next field begins."""
        length = LENGTHS.get(kind)
        if length is None:
            self.notices.append(Notice("field_unknown", data[start - 1 : end].hex()))
            return end
        if start + length > end:
            raise _cut(kind)
        self._take(kind, data[start : start + length])
        return start + length

    def _take(self, kind: int, body: bytes) -> None:
        if kind == SERIAL:
            self.readings.setdefault(("meter.identity", ""), state("meter.identity", "", digits(body)))
        elif kind == ERROR_CODE:
            for alarm in alarms(body[0]):
                self.readings.setdefault((alarm.measurand, alarm.channel), alarm)
        elif kind in ATTRIBUTES:
            known = ATTRIBUTES[kind]
            self.attributes[known.name] = known.text(body)


def _cut(kind: int) -> Undecodable:
    return malformed(f"field 0x{kind:02x} goes beyond the checksum")
