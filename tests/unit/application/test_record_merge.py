"""Merging what tables say into the registry."""

import asyncio

import pytest

from adapters.memory.master_data import MemoryMasterData
from application.ports.master_data import R
from application.processing.known_devices import facts_of
from application.record_merge import Change, Draft, Merged, RecordMerge
from domain.decoding import Payload
from domain.device import DeviceEntry
from domain.observation import Position
from domain.parking import ParkingZone
from tests.support.builders import DEV
from tests.support.clock import FakeClock

KEY = "00112233445566778899aabbccddeeff"


class SlowMasterData(MemoryMasterData):
    """Answers later, as stores beyond a network do."""

    def __init__(self) -> None:
        super().__init__()
        self._asked = 0
        self.most_at_once = 0

    async def get(self, kind: type[R], key: str) -> R:
        self._asked += 1
        self.most_at_once = max(self.most_at_once, self._asked)
        await asyncio.sleep(0)
        self._asked -= 1
        return await super().get(kind, key)


@pytest.fixture
def records() -> MemoryMasterData:
    return MemoryMasterData()


@pytest.fixture
def merge(records: MemoryMasterData) -> RecordMerge:
    return RecordMerge(records, FakeClock())


def a_draft(**fields: object) -> Draft:
    """Return what somebody says of a device."""
    return Draft("device", {"dev_eui": DEV, **fields})


async def test_fields_that_a_table_does_not_speak_of_stay(merge: RecordMerge, records: MemoryMasterData) -> None:
    await merge.merge([a_draft(zone="mitte", expected_interval_s="900", labels={"street": "Weinhof", "no": "1"})])
    await merge.merge([a_draft(labels={"no": "2"})])
    entry = await records.get(DeviceEntry, DEV)
    assert (entry.zone, entry.expected_interval_s) == ("mitte", 900)
    assert entry.labels == {"street": "Weinhof", "no": "2"}


async def test_an_empty_label_takes_it_away(merge: RecordMerge, records: MemoryMasterData) -> None:
    [_, taken] = await merge.merge([a_draft(labels={"no": "1"}), a_draft(labels={"no": ""})])
    assert list(taken.changes) == [Change("labels.no", "1", "")]
    assert (await records.get(DeviceEntry, DEV)).labels == {}


async def test_what_was_never_said_can_be_taken_back(merge: RecordMerge, records: MemoryMasterData) -> None:
    [created] = await merge.merge([a_draft(keys={"aes": ""}, registers={"1": ""}, labels={"no": ""})])
    assert created.action == "created"
    entry = await records.get(DeviceEntry, DEV)
    assert (entry.keys, entry.registers, entry.labels) == ({}, {}, {})


async def test_an_entry_that_is_a_number_is_taken_away_as_well(merge: RecordMerge, records: MemoryMasterData) -> None:
    said: list[dict[str, object]] = [{"loading": "600"}, {"loading": ""}]
    drafts = [Draft("parking_zone", {"zone_id": "hafen", "max_stay_s": each}) for each in said]
    assert [each.action for each in await merge.merge(drafts)] == ["created", "changed"]
    assert (await records.get(ParkingZone, "hafen")).max_stay_s == {}


async def test_two_at_once_keep_what_the_other_said() -> None:
    records = SlowMasterData()
    merge = RecordMerge(records, FakeClock())
    await asyncio.gather(merge.merge([a_draft(zone="mitte")]), merge.merge([a_draft(labels={"no": "1"})]))
    entry = await records.get(DeviceEntry, DEV)
    assert (entry.zone, entry.labels) == ("mitte", {"no": "1"})


async def test_a_thousand_records_are_not_asked_for_one_after_the_other() -> None:
    records = SlowMasterData()
    await RecordMerge(records, FakeClock()).merge([Draft("device", {"dev_eui": f"{n:016x}"}) for n in range(1_000)])
    assert records.most_at_once == 32


async def test_others_may_run_while_many_are_merged(merge: RecordMerge) -> None:
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    other = asyncio.create_task(count())
    await merge.merge([Draft("device", {"dev_eui": f"{n:016x}"}) for n in range(960)])
    other.cancel()
    assert turns >= 30


async def test_no_secret_is_in_what_a_draft_or_the_facts_of_a_device_look_like(
    merge: RecordMerge, records: MemoryMasterData
) -> None:
    draft = a_draft(keys={"aes": KEY})
    await merge.merge([draft])
    entry = await records.get(DeviceEntry, DEV)
    shown = repr([draft, entry, facts_of(entry), Payload(b"", 1, 0, facts_of(entry))])
    assert KEY not in shown
    assert repr(bytes.fromhex(KEY)) not in shown


async def test_a_place_is_replaced_whole(merge: RecordMerge, records: MemoryMasterData) -> None:
    first = {"latitude": 1, "longitude": 2, "source": "surveyed", "accuracy_m": 0.5}
    await merge.merge([a_draft(place=first), a_draft(place={"latitude": 3, "longitude": 4, "source": "surveyed"})])
    assert (await records.get(DeviceEntry, DEV)).place == Position(3, 4, "surveyed")


async def test_a_dev_eui_is_the_same_device_however_it_is_written(merge: RecordMerge) -> None:
    upper = "-".join(DEV[at : at + 2].upper() for at in range(0, 16, 2))
    created, same = await merge.merge([a_draft(zone="a"), Draft("device", {"dev_eui": upper, "zone": "a"})])
    assert (created.action, same.action, same.key) == ("created", "unchanged", DEV)


async def test_what_is_said_again_is_not_written_again(merge: RecordMerge, records: MemoryMasterData) -> None:
    await merge.merge([a_draft(zone="mitte")])
    before = await records.get(DeviceEntry, DEV)
    await merge.merge([a_draft(zone="mitte")])
    assert await records.get(DeviceEntry, DEV) == before


async def test_a_change_is_written_later_than_what_it_changes_whatever_the_clock_says(
    merge: RecordMerge, records: MemoryMasterData
) -> None:
    ahead = FakeClock().now_us() + 10**9
    await records.put([DeviceEntry(DEV, ahead, zone="mitte")])
    await merge.merge([a_draft(zone="ost")])
    entry = await records.get(DeviceEntry, DEV)
    assert (entry.zone, entry.written_us) == ("ost", ahead + 1)


@pytest.mark.parametrize(
    "fields,field",
    [
        ({"expected_interval_s": "often"}, "expected_interval_s"),
        ({"expected_interval_s": -1}, "expected_interval_s"),
        ({"place": {"latitude": "north", "longitude": 0}}, "place.latitude"),
        ({"place": {"latitude": 0, "longitude": 0}}, "place"),
        ({"data_class": "secret"}, "data_class"),
        ({"registers": {"1": "electricity.phlogiston"}}, "measurand"),
        ({"keys": {"aes": "zz"}}, "keys.aes"),
        ({"installed_ns": 2, "removed_ns": 1}, "removed"),
        ({"colour": "red"}, "colour"),
        ({"dev_eui": ""}, "dev_eui"),
        ({"installed_ns": 2**63}, "installed_ns"),
        ({"expected_interval_s": 10**30}, "expected_interval_s"),
        ({"labels": {"note": "x" * 20_000}}, "record"),
    ],
)
async def test_a_refusal_names_the_field(merge: RecordMerge, fields: dict[str, object], field: str) -> None:
    [refused] = await merge.merge([a_draft(**fields)])
    assert (refused.action, refused.refusal["field"]) == ("refused", field)
    assert refused.refusal["message"]


async def test_a_draft_without_what_it_is_about_is_refused(merge: RecordMerge) -> None:
    [refused] = await merge.merge([Draft("device", {"zone": "mitte"})])
    assert isinstance(refused, Merged)
    assert "dev_eui" in refused.refusal["message"]


async def test_an_instant_beyond_all_calendars_costs_its_own_record(merge: RecordMerge) -> None:
    refused, created = await merge.merge(
        [Draft("spot", {"spot_id": "s1", "valid_from_ns": 10**30}), Draft("spot", {"spot_id": "s2"})]
    )
    assert (refused.refusal["field"], created.action) == ("valid_from_ns", "created")


async def test_a_record_goes_away_whatever_the_clock_says_and_however_its_name_is_written(
    merge: RecordMerge, records: MemoryMasterData
) -> None:
    await records.put([DeviceEntry(DEV, FakeClock().now_us() + 10**9)])
    await merge.remove(DeviceEntry, DEV.upper())
    assert list(await records.page(DeviceEntry, size=1)) == []
