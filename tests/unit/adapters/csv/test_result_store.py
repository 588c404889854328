"""Files of results keep the contract, and what only files can get wrong."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from adapters.csv.reading_columns import given_reading
from adapters.csv.result_store import CsvResultStore, CsvSinkSettings
from adapters.csv.table import Row, Table
from application.errors import Refused, Unavailable, WrongShape
from application.ports.derived_feed import Derived
from application.reading_import import Given
from domain.identifiers import DevEui
from domain.observation import Position, Subject
from domain.radio import connection_info
from domain.rfc3339 import parse_rfc3339
from tests.contract.result_store import (
    Kept,
    KeptReadings,
    KeptUplinks,
    OpenStore,
    ResultStoreContract,
    a_batch,
)
from tests.support.builders import DEV, NOON_NS, a_reading, a_reception, an_observation, an_uplink
from tests.support.clock import FakeClock
from tests.support.eventually import soon, until
from tests.unit.adapters.csv.test_row_source import read_table, tables_in


def settings_of(folder: Path, what: str, most_mib: int = 256) -> CsvSinkSettings:
    """Return settings of a sink."""
    return CsvSinkSettings(name=f"{what}-csv", what=what, folder=folder, most_mib=most_mib)


@asynccontextmanager
async def opened(
    folder: Path, what: str = Subject.WATER, clock: FakeClock | None = None, most_mib: int = 256
) -> AsyncIterator[CsvResultStore]:
    """Open a store, as its process would."""
    async with CsvResultStore(settings_of(folder, what, most_mib), clock or FakeClock()) as store:
        yield store


def kept_in(folder: Path) -> list[dict[str, str]]:
    """Return the rows of all tables in ``folder``."""
    return [row for name in tables_in(folder) for row in read_table(folder / name)]


class TestCsvResultStore(ResultStoreContract):
    @pytest.fixture
    def open_store(self, tmp_path: Path) -> OpenStore:
        return lambda what: opened(tmp_path, what)

    @pytest.fixture
    def kept_readings(self, tmp_path: Path) -> KeptReadings:
        async def kept(device: DevEui) -> Kept:
            found = []
            for row in kept_in(tmp_path):
                time = parse_rfc3339(row["time"])
                if "measurand" in row:
                    found.append((row["device"], time, f"{row['measurand']}/{row['channel']}", row["value"]))
                elif "latitude" in row:
                    found.append((row["device"], time, "position/", f"{row['latitude']} {row['longitude']}"))
            return sorted(each for each in found if each[0] == device)

        return kept

    @pytest.fixture
    def kept_uplinks(self, tmp_path: Path) -> KeptUplinks:
        async def kept(device: DevEui) -> list[tuple[int, str]]:
            rows = [row for row in kept_in(tmp_path) if row["device"] == device and "gateway" in row]
            return sorted((int(row["f_cnt"]), row["gateway"]) for row in rows)

        return kept


def water(litres: int, end: int) -> Derived:
    """Return a batch with one reading."""
    return a_batch([an_observation(a_reading("water.volume", "", litres, -3))], end)


def values_in(path: Path) -> list[str]:
    """Return the values in a table, in order."""
    return [row["value"] for row in read_table(path)]


async def test_readings_that_were_written_can_be_imported(tmp_path: Path) -> None:
    readings = [a_reading("water.volume", "", 1_234_567, -3), a_reading("water.temperature", "", -0.5)]
    serial = a_reading("meter.identity", "", "=WEBSERVICE(1)\n,2")
    async with opened(tmp_path) as store:
        await store.store(a_batch([an_observation(*readings, serial)]))
    with Table(tmp_path / "water-csv-2026-01-01.csv") as table:
        rows = [given_reading(row.cells) for row in table.rows() if isinstance(row, Row)]
    assert rows == [
        Given(DEV, NOON_NS, "water.volume", "1234.567", "", "measured"),
        Given(DEV, NOON_NS, "water.temperature", "-0.5", "", "measured"),
        Given(DEV, NOON_NS, "meter.identity", "=WEBSERVICE(1)\n,2", "", "measured"),
    ]


async def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        await store.store(a_batch([an_observation(a_reading("water.volume", "", 1, -3), a_reading("x", "", "=1+1"))]))
    assert values_in(tmp_path / "water-csv-2026-01-01.csv") == ["0.001", "'=1+1"]


async def test_positions_are_rows_of_degrees(tmp_path: Path) -> None:
    places = [Position(-1, 99_876_000, "gnss", 478.5, 2.5, 9), Position(484_010_000, -1_800_000_000)]
    readings = [a_reading("position", str(number), place) for number, place in enumerate(places)]  # type: ignore[arg-type]
    async with opened(tmp_path, Subject.POSITIONS) as store:
        await store.store(a_batch([an_observation(*readings, a_reading("motion.speed", "", 3.5))]))
    first, second = kept_in(tmp_path)
    assert (first["device"], first["time"], first["channel"]) == (DEV, "2026-01-01T12:00:00Z", "0")
    assert (first["latitude"], first["longitude"], first["altitude_m"]) == ("-0.0000001", "9.9876000", "478.5")
    assert (first["accuracy_m"], first["satellites"], first["place_source"]) == ("2.5", "9", "gnss")
    assert (second["longitude"], second["altitude_m"]) == ("-180.0000000", "")


async def test_radio_metadata_has_a_row_for_each_gateway(tmp_path: Path) -> None:
    receptions = (a_reception("ulm-muenster", -3.5), a_reception("ulm-donau", 7.0))
    uplinks = [an_uplink(1, receptions=receptions), an_uplink(2, receptions=())]
    async with opened(tmp_path, "radio_metadata") as store:
        heard = [connection_info(each) for each in uplinks]
        assert await store.store(Derived(connections=heard, places={"radio-metadata/0": 2})) == 2
    rows = kept_in(tmp_path)
    assert [(row["f_cnt"], row["gateway"], row["snr_db"]) for row in rows] == [
        ("1", "ulm-muenster", "-3.5"),
        ("1", "ulm-donau", "7.0"),
        ("2", "", ""),
    ]


async def test_a_file_holds_a_day_and_a_full_one_is_followed_by_another(tmp_path: Path) -> None:
    clock = FakeClock()
    async with opened(tmp_path, clock=clock, most_mib=0) as store:
        for end in (1, 2):
            await store.store(water(end, end))
        clock.advance(86_400.0)
        await store.store(water(3, 3))
    assert tables_in(tmp_path) == [
        "water-csv-2026-01-01-2.csv", "water-csv-2026-01-01.csv", "water-csv-2026-01-02.csv"
    ]  # fmt: skip
    assert [values_in(tmp_path / name) for name in tables_in(tmp_path)] == [["0.002"], ["0.001"], ["0.003"]]


async def test_what_was_not_said_to_be_there_is_cut_away(tmp_path: Path) -> None:
    path = tmp_path / "water-csv-2026-01-01.csv"
    async with opened(tmp_path) as store:
        await store.store(water(1, 1))
    with path.open("a") as file:
        file.write("half a row")
    async with opened(tmp_path) as store:
        assert store.place("observations/0") == 1
        await store.store(water(2, 2))
    assert values_in(path) == ["0.001", "0.002"]


async def test_the_place_goes_on_though_no_row_was_ours(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        await store.store(a_batch([an_observation()], end=7))
    async with opened(tmp_path) as store:
        assert store.place("observations/0") == 7
        assert store.place("observations/1") is None
    assert tables_in(tmp_path) == []


async def test_a_file_that_was_taken_away_is_followed_by_another(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        await store.store(water(1, 1))
    (tmp_path / "water-csv-2026-01-01.csv").rename(tmp_path / "taken")
    async with opened(tmp_path) as store:
        await store.store(water(2, 2))
    assert values_in(tmp_path / "water-csv-2026-01-01-2.csv") == ["0.002"]


async def test_a_file_that_is_taken_away_while_it_is_open_gets_no_row_that_nobody_sees(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        await store.store(water(1, 1))
        (tmp_path / "water-csv-2026-01-01.csv").rename(tmp_path / "taken")
        await store.store(water(2, 2))
    assert values_in(tmp_path / "taken") == ["0.001"]
    assert values_in(tmp_path / "water-csv-2026-01-01-2.csv") == ["0.002"]


async def test_a_file_that_was_taken_away_and_comes_back_is_whole(tmp_path: Path) -> None:
    path, aside = tmp_path / "water-csv-2026-01-01.csv", tmp_path / "taken"
    async with opened(tmp_path) as store:
        await store.store(water(1, 1))
    path.rename(aside)
    async with opened(tmp_path) as store:
        await store.store(a_batch([an_observation()], end=7))
    aside.rename(path)
    async with opened(tmp_path) as store:
        await store.store(water(2, 8))
    assert values_in(path) == ["0.001", "0.002"]


async def test_a_file_at_which_a_thread_hangs_is_left_to_it(tmp_path: Path) -> None:
    away = threading.Event()

    def hang(point: str) -> None:
        if point == "file_noted":
            away.wait()

    store = CsvResultStore(settings_of(tmp_path, Subject.WATER), FakeClock(), at=hang)
    await store.__aenter__()
    storing = asyncio.create_task(store.store(water(1, 1)))
    await until((tmp_path / ".water-csv.position.json").exists)
    storing.cancel()
    await soon(store.__aexit__(Unavailable, Unavailable("the connector hangs"), None), deadline_s=5.0)
    away.set()
    with pytest.raises(asyncio.CancelledError):
        await storing
    assert values_in(tmp_path / "water-csv-2026-01-01.csv") == ["0.001"]
    await store.__aexit__(None, None, None)


def open_files() -> set[Path]:
    """Return the files that this process has open."""
    return {each.resolve() for each in Path("/proc/self/fd").iterdir()}


async def test_a_file_that_somebody_cut_is_an_error(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        await store.store(water(1, 1))
    table = tmp_path / "water-csv-2026-01-01.csv"
    table.write_text("device")
    with pytest.raises(WrongShape, match="6 bytes where"):
        async with opened(tmp_path):
            pass
    # A process may go on with its other connectors: nothing of it stays open.
    assert table not in open_files()


async def test_files_without_their_place_are_not_written_again(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        await store.store(water(1, 1))
    (tmp_path / ".water-csv.position.json").unlink()
    with pytest.raises(Refused, match="would be written again"):
        async with opened(tmp_path):
            pass


async def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no such folder"):
        async with opened(tmp_path / "share"):
            pass


async def test_connectors_may_share_a_folder(tmp_path: Path) -> None:
    for name in ("water-1", "water"):
        settings = CsvSinkSettings(name=name, what="water", folder=tmp_path)
        async with CsvResultStore(settings, FakeClock()) as store:
            await store.store(water(1, 1))
    assert tables_in(tmp_path) == ["water-1-2026-01-01.csv", "water-2026-01-01.csv"]


async def test_a_second_process_is_refused(tmp_path: Path) -> None:
    async with opened(tmp_path):
        with pytest.raises(Refused, match="another process works on"):
            async with opened(tmp_path):
                pass


def test_a_sink_for_nothing_there_is_is_a_mistake_of_the_program(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="wine"):
        CsvResultStore(settings_of(tmp_path, "wine"), FakeClock())
