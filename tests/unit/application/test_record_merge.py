"""Merging what tables say into the registry."""

import pytest

from adapters.memory.master_data import MemoryMasterData
from application.record_merge import Change, Draft, Merged, RecordMerge
from domain.device import DeviceEntry
from domain.observation import Position
from tests.support.builders import DEV
from tests.support.clock import FakeClock


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
