"""The newest reading of each measurand and channel of a device, by event time.

They are remembered as rows, which is how they stand in the record of a memory: with each uplink they are read, most of
them replaced, and written, so nothing is made of a row on the way that takes time to make.
"""

from itertools import starmap

from msgspec import Struct

from domain.observation import Observation, Quality, Value

_MOST_LATEST = 1_000
"""A lighting controller with 64 lamps has 700; of payloads made to do harm there are no more than these to remember."""

_IMPLAUSIBLE = Quality.IMPLAUSIBLE.value


class LatestValue(Struct, frozen=True, gc=False, omit_defaults=True):
    """The newest reading of a measurand and channel, by event time; the public state holds it as it is."""

    measurand: str
    channel: str
    event_ns: int
    value: Value
    exponent: int = 0
    quality: str = "measured"


LatestRow = tuple[str, str, int, Value, int, str]
"""The fields of a ``LatestValue``."""
LatestRows = tuple[LatestRow, ...]
"""One for each measurand and channel, in the order in which the device first said them."""


def latest_values(rows: LatestRows) -> tuple[LatestValue, ...]:
    """Return what ``rows`` say."""
    return tuple(starmap(LatestValue, rows))


def latest_of(rows: LatestRows, measurand: str, channel: str = "") -> LatestValue | None:
    """Return the newest reading of a measurand and channel; None: there was none."""
    return next((LatestValue(*row) for row in rows if row[0] == measurand and row[1] == channel), None)


def with_latest(known: LatestRows, observation: Observation) -> LatestRows:
    """Return ``known`` with the readings of ``observation`` that are newer; decided by event time, not by arrival."""
    event_ns = observation.event_ns
    rows, at, count = list(known), 0, len(known)
    for reading in observation.readings:
        measurand, channel, quality = reading.measurand, reading.channel, reading.quality
        if quality == _IMPLAUSIBLE and measurand == "position":
            continue  # it is no place: the last one stands
        # A device says the same in the same order again and again: its next reading is that of a row further on.
        while at < count:
            row = known[at]
            if row[0] == measurand and row[1] == channel:
                break
            at += 1
        else:
            return _with_others(known, observation)
        if row[2] <= event_ns:
            rows[at] = (measurand, channel, event_ns, reading.value, reading.exponent, quality)
        at += 1
    return tuple(rows)


def _with_others(known: LatestRows, observation: Observation) -> LatestRows:
    """Do the same, whatever ``observation`` tells and in whatever order."""
    event_ns = observation.event_ns
    rows = {row[:2]: row for row in known}
    for reading in observation.readings:
        measurand, channel, quality = reading.measurand, reading.channel, reading.quality
        if quality == _IMPLAUSIBLE and measurand == "position":
            continue
        key = measurand, channel
        before = rows.get(key)
        if before is None or before[2] <= event_ns:
            rows[key] = (measurand, channel, event_ns, reading.value, reading.exponent, quality)
    changed = tuple(rows.values())
    return changed if len(changed) <= _MOST_LATEST else _newest(changed)


def _newest(rows: LatestRows) -> LatestRows:
    """Return as many of ``rows`` as there is room for."""
    return tuple(sorted(rows, key=lambda row: (row[2], f"{row[0]}/{row[1]}"))[-_MOST_LATEST:])
