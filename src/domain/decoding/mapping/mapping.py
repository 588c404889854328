"""A whole mapping at work: from a script's ``data`` to what a payload means."""

from collections.abc import Iterator

from msgspec import Struct

from domain.decoding.codec import Decoded, Notice, Snapshot, Undecodable
from domain.decoding.mapping.path import Data
from domain.decoding.mapping.rules import AttributeRule, NoticeRule, PositionRule, TimeRule, ValueRule
from domain.errors import DomainError
from domain.observation import Reading

_MOST_READINGS = 1_000
"""A payload has 242 bytes; a script that makes more of it is at fault."""
_LONGEST_TEXT = 1_000
"""Of an attribute or notice, in characters."""
_NETWORK_TIME = TimeRule()


class DataMapping(Struct, frozen=True):
    """All rules of one device type's mapping."""

    values: tuple[ValueRule, ...] = ()
    positions: tuple[PositionRule, ...] = ()
    attributes: tuple[AttributeRule, ...] = ()
    notices: tuple[NoticeRule, ...] = ()
    time: TimeRule = _NETWORK_TIME
    """Of every value that has no time of its own."""
    normalized: bool = False
    """Read what ``normalizeUplink`` returned instead of ``decodeUplink``'s ``data``."""

    def decoded(self, data: Data, warnings: tuple[str, ...] = ()) -> Decoded:
        """Return what ``data`` means; ``warnings`` are the script's.

        Raises:
            Undecodable: the data are not what the mapping says (``mapping_mismatch``).
        """
        try:
            snapshots = tuple(self._snapshots(data))
            attributes = self._attributes(data)
            notices = [each for rule in self.notices for each in rule.notices(data)]
        except DomainError as error:
            raise Undecodable("mapping_mismatch", error.message) from error
        notices += [Notice("codec_warning", warning) for warning in warnings]
        if not (snapshots or attributes or notices):
            notices.append(Notice("nothing_mapped"))
        return Decoded(snapshots, attributes, tuple(_short(each) for each in notices))

    def _snapshots(self, data: Data) -> Iterator[Snapshot]:
        """Yield the readings of each instant, in the order in which the rules find them."""
        known: dict[tuple[int, tuple[int, ...]], tuple[int | None, int]] = {}
        found: dict[tuple[int | None, int], list[Reading]] = {}
        count = 0
        rules: tuple[ValueRule | PositionRule, ...] = (*self.values, *self.positions)
        for rule in rules:
            time = rule.time or self.time
            lists = time.lists
            for indices, reading in rule.readings(data):
                place = id(time), indices[:lists]
                if place not in known:
                    known[place] = time.of(data, indices)
                found.setdefault(known[place], []).append(reading)
                count += 1
                if count > _MOST_READINGS:
                    raise Undecodable("mapping_mismatch", f"more than {_MOST_READINGS} readings in one payload")
        for (device_ns, age_ns), readings in found.items():
            yield Snapshot(tuple(readings), device_ns, age_ns)

    def _attributes(self, data: Data) -> dict[str, str]:
        told = ((rule.name, rule.attribute(data)) for rule in self.attributes)
        return {name: text[:_LONGEST_TEXT] for name, text in told if text is not None}


def _short(notice: Notice) -> Notice:
    return Notice(notice.code, notice.detail[:_LONGEST_TEXT])
