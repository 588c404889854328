"""What is said today beside what is stored: readings that differ, new ones, and those nobody says any more."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from application.ports.reading_history import Superseded
from application.ports.reading_query import StoredReading
from application.redecode.job import Difference
from domain.observation import Observation, Quality, Reading

Key = tuple[int, str, str]
"""Event time in ns, measurand, channel."""
Fresh = tuple[Reading, Observation]
"""What is said now, and what it is part of."""
Replaced = tuple[Difference, StoredReading]
"""What differs, and what stood there before."""


def fresh_readings(observations: Iterable[Observation]) -> dict[Key, Fresh]:
    """Return what is said now, by its place; of two that say something of one, the later received."""
    fresh: dict[Key, Fresh] = {}
    for observation in observations:
        for reading in observation.readings:
            fresh[observation.event_ns, reading.measurand, reading.channel] = (reading, observation)
    return fresh


def changes(device: str, fresh: dict[Key, Fresh], stored: dict[Key, StoredReading]) -> Iterable[Difference]:
    """Yield readings that are new or differ, unless a later uplink or a person said what is stored."""
    for key, (reading, observation) in fresh.items():
        before = stored.get(key)
        if before is None or (before.reading != reading and not _is_of_a_later_one(before, observation)):
            yield Difference(device, *key, before, reading, observation)


def _is_of_a_later_one(before: StoredReading, observation: Observation) -> bool:
    """Say whether ``before`` was said by another uplink, or by somebody, after the one that is read again."""
    is_another = (before.source, before.f_cnt) != (observation.source, observation.f_cnt)
    return is_another and before.written_us > observation.written_us


def withdrawals(
    device: str,
    fresh: dict[Key, Fresh],
    stored: dict[Key, StoredReading],
    kept: Iterable[Superseded],
    received_us: set[int],
) -> Iterable[Difference]:
    """Yield readings that came of the same uplinks and are not said any more.

    The write time of what was processed is its receipt. What an earlier job wrote is followed back through what is
    kept of the same key, each version to the one that it replaced.
    """
    versions = {(_key_of(each.stored), each.until_us): each.stored.written_us for each in kept}
    for key, before in stored.items():
        if key in fresh:
            continue
        written_us = before.written_us
        while (earlier_us := versions.get((key, written_us), written_us)) < written_us:
            written_us = earlier_us
        if written_us in received_us:
            yield Difference(device, *key, before, None, None)


def last_ends(kept: Iterable[Superseded]) -> dict[Key, int]:
    """Return until when the last version that is kept of each key stood."""
    ends: dict[Key, int] = {}
    for each in kept:
        key = _key_of(each.stored)
        ends[key] = max(each.until_us, ends.get(key, each.until_us))
    return ends


def standing_before(difference: Difference, ends: Mapping[Key, int]) -> StoredReading:
    """Return what a job is to keep of the time before it: the reading, or that there was none since the receipt.

    Where one was withdrawn there was none since the last end of what is kept.
    """
    if difference.before is not None:
        return difference.before
    said, after = difference.said_by, difference.after
    assert said is not None and after is not None  # noqa: S101, PT018  a difference has one side or the other
    key = (difference.event_ns, difference.measurand, difference.channel)
    since_us = max(said.written_us, ends.get(key, 0))
    nothing = Reading(after.measurand, after.channel, after.value, after.exponent, Quality.WITHDRAWN.value)
    return StoredReading(
        said.dev_eui, said.event_ns, nothing, since_us, said.time_origin, said.uncertainty_ms, said.device_type,
        said.decoder, said.source, said.f_cnt,
    )  # fmt: skip


def by_write_time(replaced: Sequence[Replaced], written_us: int) -> Iterator[tuple[int, Sequence[Replaced]]]:
    """Yield ``replaced`` with the time at which it is to be written: later than all that stands there.

    That is ``written_us``, but for what a clock wrote that was ahead: of two the later written counts, and nothing else
    would ever replace it.
    """
    ahead = [each for each in replaced if each[1].written_us >= written_us]
    if len(ahead) < len(replaced):
        yield written_us, [each for each in replaced if each[1].written_us < written_us]
    if ahead:
        yield max(before.written_us for _, before in ahead) + 1, ahead


def _key_of(stored: StoredReading) -> Key:
    return stored.event_ns, stored.reading.measurand, stored.reading.channel


def observation_of(difference: Difference, written_us: int) -> Observation:
    """Return what is to be written for ``difference``."""
    said = difference.said_by
    if said is not None and difference.after is not None:
        readings = (difference.after,)
        return Observation(
            said.dev_eui, said.event_ns, written_us, readings, said.time_origin, said.uncertainty_ms, said.device_type,
            said.decoder, said.source, said.f_cnt,
        )  # fmt: skip
    before = difference.before
    assert before is not None  # noqa: S101  a difference has one side or the other
    old = before.reading
    withdrawn = Reading(old.measurand, old.channel, old.value, old.exponent, Quality.WITHDRAWN.value)
    return Observation(
        before.dev_eui, before.event_ns, written_us, (withdrawn,), before.time_origin, before.uncertainty_ms,
        before.device_type, before.decoder, before.source, before.f_cnt,
    )  # fmt: skip
