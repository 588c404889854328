"""Two processes change one record at the same time: neither takes back what the other says, whatever their clocks."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.memory.master_data import MemoryMasterData
from application.errors import Unavailable
from application.ports.master_data import MasterRecord, R
from application.ports.registry_changes import Announced, Removal
from application.record_merge import Draft, RecordMerge
from application.registry import AnnouncedRegistry
from application.registry_rivals import KEPT_S, RegistryRivals
from domain.device import DeviceEntry
from tests.contract.master_data import US, an_entry
from tests.support.builders import DEV
from tests.support.clock import FakeClock


class Turns:
    """Lets others run before each step, as often as was drawn."""

    def __init__(self, turns: Sequence[int] = ()) -> None:
        self._turns = list(turns)

    async def pass_(self) -> None:
        for _ in range(self._turns.pop() if self._turns else 1):
            await asyncio.sleep(0)


class FarMasterData(MemoryMasterData):
    """A store beyond a network."""

    def __init__(self, turns: Turns) -> None:
        super().__init__()
        self._turns = turns

    async def get(self, kind: type[R], key: str) -> R:
        await self._turns.pass_()
        try:
            return await super().get(kind, key)
        finally:
            await self._turns.pass_()

    async def put(self, records: Sequence[MasterRecord]) -> None:
        await self._turns.pass_()
        await super().put(records)
        await self._turns.pass_()


class Log:
    """What one process announces, and reads of what all do, in one order."""

    def __init__(self, versions: list[Announced], turns: Turns) -> None:
        self._versions = versions
        self._turns = turns
        self._position = 0

    async def announce(self, versions: Sequence[Announced]) -> None:
        await self._turns.pass_()
        self._versions += versions
        await self._turns.pass_()

    async def since_last(self) -> Sequence[Announced]:
        await self._turns.pass_()
        news, self._position = self._versions[self._position :], len(self._versions)
        return news


class City:
    """A store, the log, and processes with clocks of their own."""

    def __init__(self, turns: Sequence[int] = ()) -> None:
        self.turns = Turns(turns)
        self.stored = FarMasterData(self.turns)
        self.versions: list[Announced] = []

    def process(self, now_us: int = US) -> RecordMerge:
        """Return what another process merges with."""
        rivals = RegistryRivals(Log(self.versions, self.turns))
        registry = AnnouncedRegistry(self.stored, MemoryMasterData(), rivals)
        return RecordMerge(registry, FakeClock(now_us=now_us))


def a_draft(**fields: object) -> Draft:
    """Return what somebody says of a device."""
    return Draft("device", {"dev_eui": DEV, **fields})


async def test_two_processes_that_change_different_fields_at_once_both_have_their_way() -> None:
    city = City()
    await city.process().merge([a_draft(zone="mitte")])
    await asyncio.gather(
        city.process(US + 5).merge([a_draft(labels={"street": "Weinhof"})]),
        city.process(US + 9).merge([a_draft(expected_interval_s="900")]),
    )
    entry = await city.stored.get(DeviceEntry, DEV)
    assert (entry.zone, entry.labels, entry.expected_interval_s) == ("mitte", {"street": "Weinhof"}, 900)


@given(
    clocks=st.lists(st.integers(US, US + 40), min_size=2, max_size=4),
    turns=st.lists(st.integers(0, 6), max_size=60),
    exists=st.booleans(),
)
async def test_whatever_happens_when_no_change_is_taken_back(
    clocks: Sequence[int], turns: Sequence[int], exists: bool
) -> None:
    city = City(turns)
    if exists:
        await city.stored.put([an_entry(1, US)])
    processes = [city.process(now_us) for now_us in clocks]
    drafts = [Draft("device", {"dev_eui": an_entry(1).dev_eui, "labels": {str(n): "said"}}) for n in range(len(clocks))]
    merged = await asyncio.gather(*(each.merge([draft]) for each, draft in zip(processes, drafts, strict=True)))
    assert {one.action for [one] in merged} <= {"created", "changed"}
    assert set((await city.stored.get(DeviceEntry, an_entry(1).key)).labels) == {str(n) for n in range(len(clocks))}


async def test_two_who_change_records_in_one_process_do_not_read_each_others_answer() -> None:
    city = City()
    rivals = RegistryRivals(Log(city.versions, city.turns))
    registry = AnnouncedRegistry(city.stored, MemoryMasterData(), rivals)
    both = [RecordMerge(registry, FakeClock(now_us=US)) for _ in range(2)]
    await asyncio.gather(*(each.merge([a_draft(labels={str(n): "said"})]) for n, each in enumerate(both)))
    assert (await city.stored.get(DeviceEntry, DEV)).labels == {"0": "said", "1": "said"}


async def test_what_two_say_alike_takes_nothing_else_back() -> None:
    city = City()
    await city.process().merge([a_draft()])
    await asyncio.gather(
        city.process(US + 5).merge([a_draft(zone="mitte", labels={"no": "1"})]),
        city.process(US + 9).merge([a_draft(zone="mitte")]),
    )
    entry = await city.stored.get(DeviceEntry, DEV)
    assert (entry.zone, entry.labels) == ("mitte", {"no": "1"})


async def test_what_was_announced_last_is_what_is_stored() -> None:
    city = City()
    await asyncio.gather(*(city.process(US - n).merge([a_draft(labels={str(n): "said"})]) for n in range(3)))
    announced = [each.version for each in city.versions]
    assert max(announced, key=lambda each: each.written_us) == await city.stored.get(DeviceEntry, DEV)


async def test_our_own_change_of_before_is_no_rival() -> None:
    city = City()
    process = city.process()
    await process.merge([a_draft(zone="mitte")])
    await process.merge([a_draft(zone="west")])
    assert [(each.version.written_us, each.made_of_us) for each in city.versions] == [(US, 0), (US + 1, US)]


async def test_what_was_removed_meanwhile_stands_by_itself() -> None:
    city = City()
    process = city.process()
    await process.merge([a_draft(zone="mitte")])
    city.versions.append(Announced(Removal("device", DEV, US)))
    [changed] = await process.merge([a_draft(zone="west")])
    assert (changed.action, len(city.versions)) == ("changed", 3)


async def test_somebody_who_changes_a_record_all_the_time_is_told() -> None:
    city = City()

    class Restless(Log):
        async def announce(self, versions: Sequence[Announced]) -> None:
            newest = max((each.version.written_us for each in city.versions), default=US)
            city.versions.append(Announced(an_entry(1, newest + 1)))
            await super().announce(versions)

    rivals = RegistryRivals(Restless(city.versions, city.turns))
    merge = RecordMerge(AnnouncedRegistry(city.stored, MemoryMasterData(), rivals), FakeClock(now_us=US))
    with pytest.raises(Unavailable, match="give them again"):
        await merge.merge([Draft("device", {"dev_eui": an_entry(1).dev_eui, "zone": "mitte"})])


async def test_which_version_counts_is_forgotten_once_nobody_can_have_read_it_before() -> None:
    now_s, city = 0.0, City()
    rivals = RegistryRivals(Log(city.versions, city.turns), lambda: now_s)
    place = ("device", an_entry(1).key)
    assert await rivals.announce([an_entry(1, US)], {place: 0}) == {}
    assert await rivals.announce([an_entry(1, US + 1)], {place: 0}) == {place: an_entry(1, US)}
    now_s = KEPT_S
    assert await rivals.announce([an_entry(1, US + 2)], {place: 0}) == {}
