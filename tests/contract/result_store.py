"""What every store of results promises: it keeps its own, leaves the others, and may be given the same again."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager

import pytest

from application.ports.connector import ResultStore
from application.ports.derived_feed import Derived
from application.ports.reading_query import StoredReading
from application.reading_import import text_of
from domain.identifiers import DevEui
from domain.observation import Observation, Position, Subject
from domain.radio import connection_info
from tests.contract.devices import a_fresh_device
from tests.support.builders import NOON_NS, NS, a_reading, an_observation, an_uplink

OpenStore = Callable[[str], AbstractAsyncContextManager[ResultStore]]
Kept = list[tuple[str, int, str, str]]
"""Device, instant, measurand and channel, value as text; sorted."""
KeptReadings = Callable[[DevEui], Awaitable[Kept]]
KeptUplinks = Callable[[DevEui], Awaitable[list[tuple[int, str]]]]
"""Return of each uplink of a device the counter and the gateway that heard it best, sorted."""
ULM = Position(484_010_000, 99_876_000)
_MEASURANDS = {
    Subject.ELECTRICITY: ("electricity.power.active", 1.5, "1.5"),
    Subject.WATER: ("water.temperature", 8.5, "8.5"),
    Subject.HEAT: ("heat.power", 2.5, "2.5"),
    Subject.GAS: ("gas.volume", 7, "7"),
    Subject.PARKING: ("parking.occupied", True, "true"),
    Subject.LAMPS: ("lamp.on", False, "false"),
    Subject.POSITIONS: ("position", ULM, "48.4010000 9.9876000"),
    Subject.DEVICES: ("device.battery.level", 0.5, "0.5"),
}


def of_all_subjects(device: DevEui) -> list[Observation]:
    """Return an observation of each subject, in this order, a second apart."""
    return [
        an_observation(a_reading(name, "", value), dev_eui=device, event_ns=NOON_NS + number * NS)  # type: ignore[arg-type]
        for number, (name, value, _) in enumerate(_MEASURANDS.values())
    ]


def expected(device: DevEui, *subjects: str) -> Kept:
    """Return what of ``of_all_subjects`` is kept of ``subjects``."""
    rows = enumerate(_MEASURANDS.items())
    return sorted(
        (device, NOON_NS + number * NS, f"{name}/", text)
        for number, (subject, (name, _, text)) in rows
        if subject in subjects
    )


def kept_reading(stored: StoredReading) -> tuple[str, int, str, str]:
    """Return a stored reading as ``Kept`` has it."""
    reading = stored.reading
    return stored.dev_eui, stored.event_ns, f"{reading.measurand}/{reading.channel}", text_of(reading)


def a_batch(observations: Sequence[Observation], end: int = 1) -> Derived:
    """Return a batch after which the log goes on at ``end``."""
    return Derived(observations, places={"observations/0": end})


class ResultStoreContract:
    """Subclass with the fixtures ``open_store``, ``kept_readings`` and ``kept_uplinks``.

    ``open_store`` opens the store of a subject, each time as a new process of the same name would.
    """

    @pytest.mark.parametrize("what", list(Subject))
    async def test_a_store_keeps_its_own_and_leaves_the_others(
        self, open_store: OpenStore, kept_readings: KeptReadings, what: str
    ) -> None:
        device = a_fresh_device()
        async with open_store(what) as store:
            assert await store.store(a_batch(of_all_subjects(device))) == 1
        assert await kept_readings(device) == expected(device, what)

    async def test_all_stores_together_keep_everything(
        self, open_store: OpenStore, kept_readings: KeptReadings
    ) -> None:
        device = a_fresh_device()
        stored = 0
        for subject in Subject:
            async with open_store(subject) as store:
                stored += await store.store(a_batch(of_all_subjects(device)))
        assert stored == len(Subject)
        assert await kept_readings(device) == expected(device, *Subject)

    async def test_of_an_observation_about_two_subjects_each_gets_its_part(
        self, open_store: OpenStore, kept_readings: KeptReadings
    ) -> None:
        device = a_fresh_device()
        both = an_observation(a_reading("lamp.on"), a_reading("position", "", ULM), dev_eui=device)  # type: ignore[arg-type]
        async with open_store(Subject.LAMPS) as store:
            await store.store(a_batch([both]))
        assert await kept_readings(device) == [(device, NOON_NS, "lamp.on/", "true")]
        async with open_store(Subject.POSITIONS) as store:
            await store.store(a_batch([both]))
        assert await kept_readings(device) == [
            (device, NOON_NS, "lamp.on/", "true"),
            (device, NOON_NS, "position/", "48.4010000 9.9876000"),
        ]

    async def test_the_same_batch_again_changes_nothing(
        self, open_store: OpenStore, kept_readings: KeptReadings
    ) -> None:
        device = a_fresh_device()
        batch = a_batch(of_all_subjects(device))
        for _ in range(2):
            async with open_store(Subject.WATER) as store:
                assert await store.store(batch) == 1
                assert await store.store(batch) == 1
        assert await kept_readings(device) == expected(device, Subject.WATER)

    async def test_what_comes_later_is_kept_beside_it(self, open_store: OpenStore, kept_readings: KeptReadings) -> None:
        device = a_fresh_device()
        for number in range(3):
            async with open_store(Subject.WATER) as store:
                water = of_all_subjects(device)[1]
                later = an_observation(
                    *water.readings, dev_eui=device, event_ns=water.event_ns + number * 86_400 * NS
                )  # fmt: skip
                await store.store(a_batch([later], end=number + 1))
        assert len(await kept_readings(device)) == 3

    async def test_a_batch_without_anything_of_its_own_is_none_of_its_business(
        self, open_store: OpenStore, kept_readings: KeptReadings
    ) -> None:
        device = a_fresh_device()
        async with open_store(Subject.GAS) as store:
            assert await store.store(a_batch(of_all_subjects(device)[:3])) == 0
            assert await store.store(Derived()) == 0
        assert await kept_readings(device) == []

    async def test_radio_metadata_has_a_store_of_its_own(
        self, open_store: OpenStore, kept_readings: KeptReadings, kept_uplinks: KeptUplinks
    ) -> None:
        device = a_fresh_device()
        heard = [connection_info(an_uplink(f_cnt, dev_eui=device)) for f_cnt in (1, 2)]
        async with open_store("radio_metadata") as store:
            for _ in range(2):
                batch = Derived(of_all_subjects(device), connections=heard, places={"radio-metadata/0": 2})
                assert await store.store(batch) == 2
        assert await kept_uplinks(device) == [(1, "ulm-muenster"), (2, "ulm-muenster")]
        assert await kept_readings(device) == []
