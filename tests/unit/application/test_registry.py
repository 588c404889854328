"""The registry: what is put into it is stored, and the step hears of it."""

from collections.abc import Sequence

import pytest

from adapters.memory.master_data import MemoryMasterData
from application.errors import Unavailable
from application.ports.master_data import MasterRecord
from application.ports.registry_changes import Announced, Removal
from application.processing.known_devices import KnownDevices
from application.record_merge import Draft, RecordMerge
from application.registry import AnnouncedRegistry, Registry
from application.registry_rivals import RegistryRivals
from domain.device import DeviceEntry
from tests.contract.master_data import US, MasterDataContract, an_entry
from tests.support.clock import FakeClock


class TestRegistry(MasterDataContract):
    @pytest.fixture
    def records(self) -> Registry:
        return Registry(MemoryMasterData(), KnownDevices())


async def test_the_step_hears_of_what_was_stored_before_it_started() -> None:
    stored, known = MemoryMasterData(), KnownDevices()
    entries = [an_entry(number) for number in range(1, 2_502)]
    await stored.put(entries)
    await Registry(stored, known).load()
    assert known.entry(entries[-1].dev_eui) == entries[-1]


async def test_the_step_hears_of_what_is_put_and_removed_while_it_works() -> None:
    known = KnownDevices()
    registry = Registry(MemoryMasterData(), known)
    entry = DeviceEntry(an_entry().dev_eui, US, registers={"1": "electricity.energy.active.import"}, keys={"aes": "0a"})
    await registry.put([entry])
    facts = known.of(entry.dev_eui).facts
    assert (facts.registers, facts.keys) == (entry.registers, {"aes": b"\n"})
    await registry.remove(DeviceEntry, entry.key, US + 1)
    assert known.entry(entry.dev_eui) is None


async def test_an_older_version_does_not_reach_the_step() -> None:
    known = KnownDevices([an_entry(1, US + 1, "new")])
    known.learn([an_entry(1, US, "old")])
    known.forget(an_entry(1).dev_eui, US)
    entry = known.entry(an_entry(1).dev_eui)
    assert entry is not None
    assert entry.zone == "new"


class AwayMasterData(MemoryMasterData):
    """Cannot be written the first time."""

    def __init__(self) -> None:
        super().__init__()
        self._is_away = True

    async def put(self, records: Sequence[MasterRecord]) -> None:
        if self._is_away:
            self._is_away = False
            raise Unavailable("it is away")
        await super().put(records)


class AnnouncedIn:
    """Announcements of one process alone, kept where it announces."""

    def __init__(self, announced: MemoryMasterData) -> None:
        self._announced = announced
        self._news: list[Announced] = []

    async def announce(self, versions: Sequence[Announced]) -> None:
        await self._announced.put([each.version for each in versions if not isinstance(each.version, Removal)])
        self._news += versions

    async def since_last(self) -> Sequence[Announced]:
        news, self._news = self._news, []
        return news


class TestAnnouncedRegistry(MasterDataContract):
    @pytest.fixture
    def records(self) -> AnnouncedRegistry:
        return AnnouncedRegistry(
            MemoryMasterData(), MemoryMasterData(), RegistryRivals(AnnouncedIn(MemoryMasterData()))
        )


@pytest.mark.parametrize("stores", [(AwayMasterData(), MemoryMasterData()), (MemoryMasterData(), AwayMasterData())])
async def test_what_failed_half_is_whole_when_it_is_given_again(
    stores: tuple[MemoryMasterData, MemoryMasterData],
) -> None:
    stored, announced = stores
    merge = RecordMerge(AnnouncedRegistry(stored, announced, RegistryRivals(AnnouncedIn(announced))), FakeClock())
    draft = Draft("device", {"dev_eui": an_entry().dev_eui, "zone": "mitte"})
    with pytest.raises(Unavailable):
        await merge.merge([draft])
    await merge.merge([draft])
    for store in stores:
        assert (await store.get(DeviceEntry, an_entry().key)).zone == "mitte"
