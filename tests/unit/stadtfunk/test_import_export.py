"""``stadtfunk import`` and ``export`` against a real server over stores in memory."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from application.errors import Refused, Unavailable
from domain.device import DeviceEntry
from domain.meter import MeterAtPoint, MeteringPoint
from stadtfunk.cli import parser
from stadtfunk.commands import export_table, import_table
from stadtfunk.commands.whole_file import whole_file
from tests.support.builders import DEV, an_observation
from tests.support.eventually import soon
from tests.unit.adapters.grpc.faults import FaultyReadings, SlowReadings
from tests.unit.adapters.grpc.platform import Platform

DEVICES = f"""device;device_type;zone;latitude;longitude;labels.street
{DEV};bosch_tps110;mitte;48,4011;9,9876;Weinhof
70b3d57ed0000001;nas_ul20xx;ost;;;
70b3d57ed0000002;x
nobody;;;;;
"""


@pytest.fixture
async def platform() -> AsyncIterator[Platform]:
    async with Platform().running() as running:
        yield running


async def imported(platform: Platform, tmp_path: Path, content: str, *words: str, kind: str = "devices") -> None:
    """Give a table with this content to ``stadtfunk import``."""
    path = tmp_path / "table.csv"
    path.write_text(content, encoding="utf-8")
    asked = parser().parse_args(["import", kind, str(path), "--server", platform.address, *words])
    await import_table.import_file(asked)


async def exported(platform: Platform, *words: str) -> None:
    """Have ``stadtfunk export`` write to the screen."""
    await export_table.export(parser().parse_args(["export", *words, "--server", platform.address]))


async def test_good_rows_are_kept_and_bad_ones_told_with_line_and_reason(
    platform: Platform, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Refused, match="2 rows of"):
        await imported(platform, tmp_path, DEVICES)
    said = capsys.readouterr()
    assert said.out == "2 created, 0 changed, 0 unchanged, 2 refused\n"
    assert [line.partition(":")[0] for line in said.err.splitlines()] == ["line 4", "line 5"]
    entry = await platform.records.get(DeviceEntry, DEV)
    assert entry.place is not None
    assert (entry.zone, entry.place.latitude, entry.labels) == ("mitte", 484_011_000, {"street": "Weinhof"})


async def test_the_same_table_again_doubles_nothing(
    platform: Platform, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        with pytest.raises(Refused):
            await imported(platform, tmp_path, DEVICES)
    assert capsys.readouterr().out.splitlines()[1] == "0 created, 0 changed, 2 unchanged, 2 refused"


async def test_a_dry_run_shows_the_difference_and_stores_nothing(
    platform: Platform, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await imported(platform, tmp_path, f"device,zone\n{DEV},mitte\n")
    await imported(platform, tmp_path, f"device,zone\n{DEV},ost\n", "--dry-run")
    shown = capsys.readouterr().out
    assert f"line 2: would be changed: {DEV}: zone mitte → ost" in shown
    assert "dry run, nothing is stored: 0 created, 1 changed" in shown
    assert (await platform.records.get(DeviceEntry, DEV)).zone == "mitte"


async def test_a_header_that_means_nothing_is_refused_before_any_row(platform: Platform, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"'colour' means nothing; there are dev_eui"):
        await imported(platform, tmp_path, f"device,colour\n{DEV},red\n")
    assert list(await platform.records.page(DeviceEntry, size=1)) == []


async def test_what_is_exported_can_be_imported_and_changes_nothing(
    platform: Platform, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "".join(f"{number:016x},zone {number % 7},{'' if number % 2 else 'x'}\n" for number in range(1_500))
    await imported(platform, tmp_path, f"device,zone,labels.odd\n{rows}")
    capsys.readouterr()
    await exported(platform, "devices")
    table = capsys.readouterr().out
    assert table.count("\n") == 1_501
    await imported(platform, tmp_path, table)
    assert capsys.readouterr().out == "0 created, 0 changed, 1500 unchanged, 0 refused\n"


async def test_rows_of_much_text_are_sent_few_at_once(
    platform: Platform, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "".join(f"{number:016x},{'ü' * 8_000}\n" for number in range(300))
    with pytest.raises(Refused, match="1 rows of"):
        await imported(platform, tmp_path, f"device,labels.note\n{rows}{DEV},{'ü' * 9_900}\n")
    assert capsys.readouterr().out == "300 created, 0 changed, 0 unchanged, 1 refused\n"
    await exported(platform, "devices")
    assert capsys.readouterr().out.count("ü") == 300 * 8_000


async def test_secrets_go_in_and_never_out(
    platform: Platform, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = "00112233445566778899aabbccddeeff"
    await imported(platform, tmp_path, f"device,keys.aes\n{DEV},{key}\n", "--dry-run")
    await imported(platform, tmp_path, f"device,keys.aes\n{DEV},{key}\n")
    await exported(platform, "devices")
    said = capsys.readouterr()
    assert key not in said.out + said.err
    assert (await platform.records.get(DeviceEntry, DEV)).keys == {"aes": key}


async def test_back_dated_readings_are_stored_once_and_come_back_with_every_digit(
    platform: Platform, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = f"device;time;measurand;channel;value\n{DEV};2020-01-01T00:00:00+01:00;water.volume;pulse1;1234,567\n"
    await imported(platform, tmp_path, table, kind="readings")
    await imported(platform, tmp_path, table, kind="readings")
    assert capsys.readouterr().out.splitlines()[1] == "0 created, 0 changed, 1 unchanged, 0 refused"
    await exported(platform, "readings", DEV)
    assert f"{DEV},2019-12-31T23:00:00Z,water.volume,pulse1,1234.567,L,measured" in capsys.readouterr().out


async def test_metering_points_and_what_hangs_there_come_in_as_tables_too(platform: Platform, tmp_path: Path) -> None:
    await imported(platform, tmp_path, "point,medium,zone\nweinhof-1,water,mitte\n", kind="metering-points")
    hung = "point,meter,since\nweinhof-1,wm-1,2026-01-01T00:00:00+01:00\n"
    await imported(platform, tmp_path, hung, kind="meter_at_point")
    [point] = await platform.records.page(MeteringPoint, size=9)
    [assignment] = await platform.records.page(MeterAtPoint, size=9, prefix="weinhof-1/")
    assert (point.zone, assignment.meter) == ("mitte", "wm-1")


async def test_a_server_that_goes_away_is_told_with_what_is_done(platform: Platform, tmp_path: Path) -> None:
    await asyncio.wait_for(platform.server.stop(), 10)
    with pytest.raises(Unavailable, match="0 rows are done: give the same file again"):
        await imported(platform, tmp_path, f"device\n{DEV}\n")


@pytest.mark.parametrize(
    "words, said",
    [
        (("devices", DEV), "DEVICE has no effect on 'device'"),
        (("devices", "--since", "2026-01-01T00:00:00Z"), "--since has no effect on 'device'"),
        (("readings", "--prefix", "00"), "--prefix has no effect on 'readings'"),
    ],
)
async def test_a_word_that_means_nothing_to_the_table_is_refused(
    platform: Platform, words: tuple[str, ...], said: str
) -> None:
    with pytest.raises(Refused, match=said):
        await exported(platform, *words)


def names_in(folder: Path) -> list[str]:
    """Return what stands in ``folder``."""
    return sorted(path.name for path in folder.iterdir())


class TestExportToAFile:
    async def test_the_file_holds_the_table(self, platform: Platform, tmp_path: Path) -> None:
        await imported(platform, tmp_path, f"device,zone\n{DEV},mitte\n")
        out = tmp_path / "devices.csv"
        await exported(platform, "devices", "--out", str(out))
        assert DEV in out.read_text(encoding="utf-8")
        assert names_in(tmp_path) == ["devices.csv", "table.csv"]

    async def test_a_server_that_does_not_answer_leaves_the_file_as_it_was(self, tmp_path: Path) -> None:
        out = tmp_path / "readings.csv"
        out.write_text("of yesterday\n", encoding="utf-8")
        async with Platform(readings=SlowReadings()).running() as platform:
            with pytest.raises(Unavailable, match=r"sent nothing for 0\.2 s"):
                await exported(platform, "readings", DEV, "--out", str(out), "--timeout", "0.2")
        assert out.read_text(encoding="utf-8") == "of yesterday\n"
        assert names_in(tmp_path) == ["readings.csv"]

    async def test_a_server_that_fails_in_the_middle_leaves_no_half_of_a_table(self, tmp_path: Path) -> None:
        out = tmp_path / "readings.csv"
        faulty = FaultyReadings(Unavailable("gone"), after=[an_observation()])
        async with Platform(readings=faulty).running() as platform:
            with pytest.raises(Unavailable):
                await exported(platform, "readings", DEV, "--out", str(out))
        assert names_in(tmp_path) == []

    async def test_one_that_is_told_to_end_leaves_nothing_beside_the_file(self, tmp_path: Path) -> None:
        words = ("-m", "stadtfunk", "export", "readings", DEV, "--out", str(tmp_path / "readings.csv"))
        slow = SlowReadings()
        async with Platform(readings=slow).running() as platform:
            process = await asyncio.create_subprocess_exec(sys.executable, *words, "--server", platform.address)
            await soon(slow.asked.wait())
            assert len(names_in(tmp_path)) == 1
            process.send_signal(signal.SIGTERM)
            assert await soon(process.wait()) == 128 + signal.SIGTERM
        assert names_in(tmp_path) == []

    def test_a_folder_that_is_not_there_is_named(self, tmp_path: Path) -> None:
        path = tmp_path / "nowhere" / "x.csv"
        with pytest.raises(Refused, match=rf"^{path}: No such file or directory$"), whole_file(path):
            pass

    def test_who_could_read_the_file_before_can_read_it_now(self, tmp_path: Path) -> None:
        path = tmp_path / "x.csv"
        path.write_text("old", encoding="utf-8")
        path.chmod(0o604)
        with whole_file(path) as out:
            out.write("new")
        assert (path.read_text(encoding="utf-8"), path.stat().st_mode & 0o777) == ("new", 0o604)

    def test_who_could_not_read_the_file_cannot_read_the_one_that_is_written_beside_it(self, tmp_path: Path) -> None:
        path = tmp_path / "x.csv"
        path.touch(0o600)
        with whole_file(path):
            modes = [each.stat().st_mode & 0o777 for each in tmp_path.iterdir()]
        assert modes == [0o600, 0o600]

    def test_nobody_leads_what_is_written_elsewhere(self, tmp_path: Path) -> None:
        path, others = tmp_path / "x.csv", tmp_path / "others"
        others.write_text("precious", encoding="utf-8")
        (tmp_path / f".x.csv.{os.getpid()}.part").symlink_to(others)
        with whole_file(path) as out:
            out.write("new")
        assert (path.is_symlink(), others.read_text(encoding="utf-8")) == (False, "precious")

    def test_whose_the_file_was_it_is(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path, given = tmp_path / "x.csv", list[tuple[int, int]]()
        path.touch()
        monkeypatch.setattr(os, "chown", lambda _, owner, group: given.append((owner, group)))
        with whole_file(path):
            pass
        assert given == [(-1, os.getgid()), (os.getuid(), -1)]

    def test_a_path_that_cannot_be_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "x.csv").touch()
        path = tmp_path / "x.csv" / "y.csv"
        with pytest.raises(Refused, match=rf"^{path}: Not a directory$"), whole_file(path):
            pass

    def test_a_link_stays_a_link(self, tmp_path: Path) -> None:
        link, path = tmp_path / "latest.csv", tmp_path / "x.csv"
        link.symlink_to(path)
        with whole_file(link) as out:
            out.write("new")
        assert (link.is_symlink(), path.read_text(encoding="utf-8")) == (True, "new")

    def test_what_is_no_file_is_written_as_it_is(self) -> None:
        null = Path("/dev/null")
        with whole_file(null) as out:
            out.write("new")
        assert null.is_char_device()
