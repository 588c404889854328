"""``stadtfunk parking``, ``lamps`` and ``positions`` against a real server over a city in memory."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from domain.device import DeviceEntry
from domain.identifiers import DevEui
from domain.lighting import Circuit, Gear, Lamp, SwitchingSchedule
from domain.observation import Position, Reading
from domain.parking import Closure, ParkingZone, Spot, SpotKind
from stadtfunk.cli import parser
from stadtfunk.commands import lamps, parking, positions, silent_devices
from stadtfunk.commands.words import Asked
from tests.support.builders import DEV
from tests.unit.adapters.grpc.city_platform import CityPlatform
from tests.unit.application.city import at

OTHER = "00000000000000aa"
FREE, TAKEN = Reading("parking.occupied", "", False), Reading("parking.occupied", "", True)
Command = Callable[[Asked], Awaitable[None]]


@pytest.fixture
async def city() -> AsyncIterator[CityPlatform]:
    """Serve a city at 22:00 UTC of 2026-01-01."""
    async with CityPlatform().running() as city:
        yield city


async def said(
    city: CityPlatform, capsys: pytest.CaptureFixture[str], command: Command, *words: str
) -> list[list[str]]:
    """Return the lines that ``stadtfunk <words>`` prints, each cut where columns end."""
    server = f"127.0.0.1:{city.server.port}"
    await command(parser().parse_args([*words, "--server", server]))
    lines = capsys.readouterr().out.splitlines()
    return [[cell for cell in line.strip().split("  ") if cell] for line in lines if line.strip()]


async def parked(city: CityPlatform) -> None:
    """Register a zone, and let a car come after a lost frame."""
    await city.knows(
        ParkingZone("hafen", 1, "Am Hafen", {"charging": 3_600}),
        Spot("hafen-1", 1, 0, "hafen", SpotKind.CHARGING, DEV),
        Spot("hafen-2", 1, 0, "hafen"),
        Closure(1, at(0), spot_id="hafen-2", reason="Kran"),
    )
    await city.hears(0, FREE, f_cnt=1)
    await city.hears(10, TAKEN, f_cnt=3)


async def test_zones_are_counted(city: CityPlatform, capsys: pytest.CaptureFixture[str]) -> None:
    assert await said(city, capsys, parking._zones, "parking", "zones") == [["no parking zones"]]
    await parked(city)
    heading, row = await said(city, capsys, parking._zones, "parking", "zones")
    counted = dict(zip([each.strip() for each in heading], [each.strip() for each in row], strict=True))
    assert counted == {
        "zone": "hafen", "name": "Am Hafen", "free": "0", "occupied": "1", "unknown": "0", "out of service": "1",
        "capacity": "2", "overstayed": "1",
    }  # fmt: skip


async def test_spots_say_since_when_and_why(city: CityPlatform, capsys: pytest.CaptureFixture[str]) -> None:
    assert await said(city, capsys, parking._spots, "parking", "spots") == [["no parking spots"]]
    await parked(city)
    _, first, second = await said(city, capsys, parking._spots, "parking", "spots", "--zone", "hafen")
    assert first[:4] == ["hafen-1", "hafen", "charging", "occupied"]
    assert "2026-01-01 12:00:00 to 2026-01-01 12:10:00" in " ".join(first)
    assert first[-1].strip() == "certain"
    assert [second[0], second[3].strip(), second[-1].strip()] == ["hafen-2", "out of service", "closed: Kran"]


async def test_the_use_of_a_spot_is_told(city: CityPlatform, capsys: pytest.CaptureFixture[str]) -> None:
    await parked(city)
    words = ["parking", "use", "hafen-1", "--from", "2026-01-01T12:00:00Z", "--until", "2026-01-01T13:00:00Z"]
    lines = [" ".join(line) for line in await said(city, capsys, parking._use, *words)]
    assert "arrivals 1" in " ".join(" ".join(lines).split())
    assert any("0:50:00" in line and line.startswith("occupied") for line in lines)
    assert any("0:50:00 to 1:00:00" in line for line in lines)


async def test_what_nobody_can_know_is_not_made_up(city: CityPlatform, capsys: pytest.CaptureFixture[str]) -> None:
    await parked(city)
    words = ["parking", "use", "hafen-1", "--from", "2026-01-01", "--until", "2026-01-02"]
    lines = [" ".join(line) for line in await said(city, capsys, parking._use, *words)]
    assert any(line.startswith("arrivals") and line.endswith("at least 1") for line in lines)


async def lit(city: CityPlatform) -> None:
    """Register a circuit of two lamps, of which one burns and one is silent."""
    await city.knows(
        SwitchingSchedule("nachts", 1, 0, ("18:00/06:00",), "UTC"),
        Circuit("kreis-1", 1, 0, "schrank-1", "nachts", expected_interval_s=3_600),
        Lamp("lampe-1", 1, 0, "kreis-1", DEV, "dali3"),
        Lamp("lampe-2", 1, 0, "kreis-1", OTHER),
        Gear("lampe-1", 1, at(-9_000)),
    )
    fault = Reading("lamp.fault", "lamp.latched", True)
    await city.is_at(570, DEV, [(570, Reading("lamp.dim_level", "dali3", 70.0)), (570, fault)])
    await city.is_at(400, OTHER)


async def test_lamps_and_circuits_are_listed(city: CityPlatform, capsys: pytest.CaptureFixture[str]) -> None:
    assert await said(city, capsys, lamps._list, "lamps", "list") == [["no lamps"]]
    assert await said(city, capsys, lamps._circuits, "lamps", "circuits") == [["no circuits"]]
    await lit(city)
    _, first, second = await said(city, capsys, lamps._list, "lamps", "list", "--circuit", "kreis-1")
    assert [each.strip() for each in first][:2] == ["lampe-1", "kreis-1"]
    assert "lamp.latched" in [each.strip() for each in first]
    assert "silent" in [each.strip() for each in second]
    _, circuit = await said(city, capsys, lamps._circuits, "lamps", "circuits")
    assert [each.strip() for each in circuit] == [
        "kreis-1", "schrank-1", "yes", "2", "1", "1", "1", "lamp silent: lampe-2",
    ]  # fmt: skip


async def test_alarms_are_told_once(city: CityPlatform, capsys: pytest.CaptureFixture[str]) -> None:
    assert await said(city, capsys, lamps._alarms, "lamps", "alarms") == [["no alarms"]]
    await lit(city)
    await city.is_at(1, DEV)
    _, alarm = await said(city, capsys, lamps._alarms, "lamps", "alarms")
    assert [each.strip() for each in alarm][:3] == ["circuit dark", "kreis-1", "2"]


async def test_burning_hours_stand_side_by_side(city: CityPlatform, capsys: pytest.CaptureFixture[str]) -> None:
    await lit(city)
    await city.hears(0, Reading("lamp.on_time", "dali3", 3_600_000))
    for hour in range(6, 11):
        register = Reading("lamp.on_time", "dali3", 3_600_000 + (hour - 6) * 3_600)
        await city.hears(hour * 60, Reading("lamp.dim_level", "dali3", 70.0), register)
    words = ["lamps", "hours", "lampe-1", "--from", "2026-01-01T12:00:00Z", "--until", "2026-01-01T23:00:00Z"]
    lines = [[each.strip() for each in line] for line in await said(city, capsys, lamps._hours, *words)]
    assert ["planned", "4:00:00"] in lines
    assert ["register", "4:00:00", "0:00:00"] in lines
    assert ["computed", "4:00:00", "0:00:00"] in lines


async def test_faults_say_how_long_they_took(city: CityPlatform, capsys: pytest.CaptureFixture[str]) -> None:
    await lit(city)
    words = ["lamps", "faults", "lampe-1", "--from", "2026-01-01", "--until", "2026-01-02"]
    assert await said(city, capsys, lamps._faults, *words) == [["no faults"]]
    for minute, faulty in ((0, False), (60, True), (120, False)):
        await city.hears(minute, Reading("lamp.fault", "lamp.dali3", faulty))
    _, fault = await said(city, capsys, lamps._faults, *words)
    assert [each.strip() for each in fault] == [
        "lamp.dali3",
        "2026-01-01 12:00:00 to 2026-01-01 13:00:00",
        "2026-01-01 13:00:00 to 2026-01-01 14:00:00",
        "0:00:00",
        "2:00:00",
    ]


async def test_a_device_is_where_it_is_and_was_where_it_was(
    city: CityPlatform, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = await said(city, capsys, positions._positions, "positions", DEV)
    assert ["position", "nobody knows"] in [[each.strip() for each in line] for line in lines]
    await city.hears(5, Reading("position", "", Position(484_000_000, 99_900_000, "gnss", accuracy_m=12.5)))
    await city.knows(DeviceEntry(DevEui(DEV), 1, place=Position(484_010_000, 99_910_000, "surveyed")))
    lines = [
        [each.strip() for each in line] for line in await said(city, capsys, positions._positions, "positions", DEV)
    ]
    assert ["position", "48.4010000 9.9910000"] in lines
    assert ["since (UTC)", "installed"] in lines
    assert ["2026-01-01 12:05:00", "48.4000000 9.9900000", "gnss", "12.5"] in lines


async def test_silent_devices_are_listed(city: CityPlatform, capsys: pytest.CaptureFixture[str]) -> None:
    assert await said(city, capsys, silent_devices._silent, "silent-devices") == [["no silent devices"]]
    await city.knows(
        DeviceEntry(DevEui(DEV), 1, zone="mitte", expected_interval_s=3_600),
        DeviceEntry(DevEui(OTHER), 1, zone="ost", installed_ns=at(0), expected_interval_s=3_600),
    )
    await city.is_at(500, DEV, [(500, Reading("device.battery.level", "", 12.0))])
    heading, first, second = await said(city, capsys, silent_devices._silent, "silent-devices")
    assert [each.strip() for each in heading] == ["device", "zone", "last heard (UTC)", "expected every", "battery %"]
    assert [each.strip() for each in second] == [DEV, "mitte", "2026-01-01 20:20:00", "1:00:00", "12"]
    assert [each.strip() for each in first][:3] == [OTHER, "ost", "never"]
