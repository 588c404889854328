"""The fields of a frame, one after the other.

Source: as the package. A type that is unknown has an unknown length: nothing behind it can be read.
"""

from domain.decoding.codec import Notice
from domain.decoding.codecs.emu_professional_ii.identity import ATTRIBUTES, ERROR_CODE, LENGTHS, SERIAL, alarms, digits
from domain.decoding.codecs.emu_professional_ii.values import VALUES, Value
from domain.decoding.refusals import malformed
from domain.observation import NotExact, Reading, gauge, register, state


class Fields:
    """What the fields say."""

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
        while position < end:
            kind = data[position]
            start = position + 1
            value = VALUES.get(kind)
            length = value[1] if value is not None else LENGTHS.get(kind)
            if length is None:
                self.notices.append(Notice("field_unknown", data[position:end].hex()))
                return
            position = start + length
            if position > end:
                raise malformed(f"field 0x{kind:02x} goes beyond the checksum")
            if value is None:
                self._describe(kind, data[start:position])
            else:
                self._take(value, value[0](data, start)[0])

    def _take(self, value: Value, raw: int) -> None:
        """Take a measured value; of several counters for one thing the finest and widest counts."""
        _, _, name, channel, scale, rank = value
        key = name, channel
        if rank is None:
            self.readings.setdefault(key, gauge(name, channel, raw / scale))
        elif rank > self._ranks.get(key, -1):
            try:
                self.readings[key] = register(name, channel, raw * scale, -4)
            except NotExact:
                self.notices.append(Notice("register_not_exact", f"{name} {channel}: {raw}"))
            else:
                self._ranks[key] = rank

    def _describe(self, kind: int, body: bytes) -> None:
        """Take what the meter says of itself."""
        if kind == SERIAL:
            self.readings.setdefault(("meter.identity", ""), state("meter.identity", "", digits(body)))
        elif kind == ERROR_CODE:
            for alarm in alarms(body[0]):
                self.readings.setdefault((alarm.measurand, alarm.channel), alarm)
        elif kind in ATTRIBUTES:
            known = ATTRIBUTES[kind]
            self.attributes[known.name] = known.text(body)


def _cut(kind: int) -> Exception:
    return malformed(f"field 0x{kind:02x} goes beyond the checksum")
