"""What every store of master data promises."""

import asyncio

import pytest

from application.errors import NotFound
from application.ports.master_data import MasterData
from domain.device import DeviceEntry
from domain.identifiers import DevEui
from domain.observation import Position

US = 1_767_268_800_000_000


def an_entry(number: int = 1, written_us: int = US, zone: str = "") -> DeviceEntry:
    """Return the registry's record of a device."""
    return DeviceEntry(DevEui(f"{number:016x}"), written_us, zone=zone)


class MasterDataContract:
    """Subclass with a fixture ``records`` that returns an empty store."""

    async def test_every_field_comes_back(self, records: MasterData) -> None:
        place = Position(484_000_000, 99_900_000, "surveyed", 478.5, 0.05)
        entry = DeviceEntry(
            DevEui("00000000000000ff"), US, "nas_ul20xx", "2.0", {"straße": "Weinhof"}, "mitte", place,
            1_767_268_800_000_000_123, 1_867_268_800_000_000_123, 900, "infrastructure",
            {"1-0:1.8.0": "electricity.energy.active.import"}, {"aes": "00ff"},
        )  # fmt: skip
        await records.put([entry])
        assert await records.get(DeviceEntry, entry.key) == entry

    async def test_what_was_never_put_is_not_found(self, records: MasterData) -> None:
        with pytest.raises(NotFound) as missing:
            await records.get(DeviceEntry, "00000000000000aa")
        assert missing.value.attributes == {"kind": "device", "key": "00000000000000aa"}

    async def test_an_empty_put_changes_nothing(self, records: MasterData) -> None:
        await records.put([])
        assert list(await records.page(DeviceEntry, size=10)) == []

    async def test_of_two_versions_the_later_written_stays_in_whichever_order_they_come(
        self, records: MasterData
    ) -> None:
        await records.put([an_entry(1, US, "old")])
        await records.put([an_entry(1, US + 1, "new"), an_entry(2, US + 1, "new")])
        await records.put([an_entry(2, US, "old")])
        assert {entry.zone for entry in await records.page(DeviceEntry, size=10)} == {"new"}

    async def test_putting_again_changes_nothing(self, records: MasterData) -> None:
        for _ in range(2):
            await records.put([an_entry(1), an_entry(1)])
        assert list(await records.page(DeviceEntry, size=10)) == [an_entry(1)]

    async def test_what_was_removed_is_not_found_and_on_no_page(self, records: MasterData) -> None:
        await records.put([an_entry(1), an_entry(2)])
        await records.remove(DeviceEntry, an_entry(1).key, US + 1)
        with pytest.raises(NotFound):
            await records.get(DeviceEntry, an_entry(1).key)
        assert list(await records.page(DeviceEntry, size=10)) == [an_entry(2)]

    async def test_a_version_from_before_the_removal_stays_away_and_a_later_one_comes_back(
        self, records: MasterData
    ) -> None:
        await records.remove(DeviceEntry, an_entry(1).key, US + 1)
        await records.put([an_entry(1, US)])
        assert list(await records.page(DeviceEntry, size=10)) == []
        await records.put([an_entry(1, US + 2)])
        assert list(await records.page(DeviceEntry, size=10)) == [an_entry(1, US + 2)]

    async def test_a_version_later_than_the_removal_stays(self, records: MasterData) -> None:
        await records.put([an_entry(1, US + 2)])
        await records.remove(DeviceEntry, an_entry(1).key, US + 1)
        assert await records.get(DeviceEntry, an_entry(1).key) == an_entry(1, US + 2)

    async def test_removing_what_is_not_there_is_no_error(self, records: MasterData) -> None:
        await records.remove(DeviceEntry, "nobody", US)

    @pytest.mark.parametrize("size", [1, 2, 3, 7, 10])
    async def test_pages_join_without_gap_or_repeat(self, records: MasterData, size: int) -> None:
        await records.put([an_entry(number) for number in (3, 1, 7, 2, 6, 5, 4)])
        found: list[str] = []
        while True:
            page = await records.page(DeviceEntry, size=size, after=found[-1] if found else "")
            found.extend(entry.key for entry in page)
            if len(page) < size:
                break
        assert found == [an_entry(number).key for number in range(1, 8)]

    async def test_a_prefix_finds_all_that_begins_with_it_and_nothing_else(self, records: MasterData) -> None:
        await records.put([an_entry(number) for number in (0x0F, 0x10, 0x1F, 0x20)])
        page = await records.page(DeviceEntry, size=10, prefix="000000000000001")
        assert [entry.key for entry in page] == [an_entry(0x10).key, an_entry(0x1F).key]
        rest = await records.page(DeviceEntry, size=10, prefix="000000000000001", after=an_entry(0x10).key)
        assert [entry.key for entry in rest] == [an_entry(0x1F).key]

    async def test_concurrent_puts_are_all_kept(self, records: MasterData) -> None:
        await asyncio.gather(*[records.put([an_entry(number)]) for number in range(1, 51)])
        assert len(await records.page(DeviceEntry, size=100)) == 50
