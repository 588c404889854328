"""``stadtfunk consumption``, ``read-out``, ``read-rate`` and ``exchange-cases`` against a real server."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from application.errors import NotFound, Refused
from domain.meter import DeviceAtMeter, MeterAtPoint, MeterId, PointId
from stadtfunk.cli import main, parser
from stadtfunk.commands import consumption, exchange_cases, import_table, read_out, read_rate
from tests.unit.adapters.grpc.metering_server import MeteringServer
from tests.unit.domain.meter.points import DAY, DEVICE, HOUR, NEW, NOW, OLD, OTHER, POINT, START, ns

COMMANDS = {
    "consumption": consumption.ask,
    "read-out": read_out.ask,
    "read-rate": read_rate.ask,
    "exchange-cases": exchange_cases.ask,
}


@pytest.fixture
async def city() -> AsyncIterator[MeteringServer]:
    async with MeteringServer().running() as running:
        yield running


async def told(city: MeteringServer, capsys: pytest.CaptureFixture[str], *words: str) -> list[list[str]]:
    """Return what ``stadtfunk <words>`` prints: the columns of each line."""
    asked = parser().parse_args([*words, "--server", city.address])
    await COMMANDS[words[0]](asked)
    lines = capsys.readouterr().out.splitlines()
    return [[each.strip() for each in line.split("  ") if each.strip()] for line in lines]


async def test_consumption_has_a_line_a_bucket_and_a_sum(
    city: MeteringServer, capsys: pytest.CaptureFixture[str]
) -> None:
    await city.meter()
    await city.read({ns("2026-10-25 00:00") + hour * HOUR: hour * 1_500 for hour in range(26)})
    lines = await told(
        city, capsys, "consumption", POINT, "--from", "2026-10-25", "--until", "2026-10-26", "--per", "hour"
    )
    assert lines[0] == ["from", "measurand", "used", "unit", "status", "MSCONS", "billable"]
    assert lines[3] == ["2026-10-25 02:00+02:00", "water.volume", "1.500", "L", "measured", "220", "yes"]
    assert lines[4][0] == "2026-10-25 02:00+01:00"
    assert len(lines) == 1 + 25 + 1 + 2
    assert lines[-1] == ["37.500", "water.volume", "L"]


async def test_a_meter_exchanged_at_noon_is_billed_from_its_four_registers(
    city: MeteringServer, capsys: pytest.CaptureFixture[str]
) -> None:
    noon = ns("2026-06-15 12:00")
    await city.meter()
    await city.records.put(
        [
            MeterAtPoint(POINT, OLD, START, 2, noon, {}, {"water.volume/": 1_234_567}),
            MeterAtPoint(POINT, NEW, noon, 2, registers_at_start={"water.volume/": 5}),
            DeviceAtMeter(OLD, DEVICE, START, 2, noon),
            DeviceAtMeter(NEW, OTHER, noon, 2),
        ]
    )
    await city.read({"2026-06-15 00:00": 1_234_100})
    await city.read({"2026-06-16 00:00": 305}, dev_eui=OTHER)
    lines = await told(city, capsys, "consumption", POINT, "--from", "2026-06-15", "--until", "2026-06-16")
    assert lines[1][2:7] == ["0.767", "L", "measured", "220", "no"]
    assert lines[1][7] == "calibration unknown"


TABLES = {
    "metering-points": "point,medium,zone\nHAUS-1,water,mitte\n",
    "meters": """meter,medium,serials,calibrated_until
alt,water,8SEN1,2027-01-01T00:00:00Z
neu,water,8SEN2,2032-01-01T00:00:00Z
""",
    "meter-at-points": """point,meter,since,until,registers_at_end.water.volume,registers_at_start.water.volume
HAUS-1,alt,2021-01-01T00:00:00+01:00,2026-06-15T12:00:00+02:00,1234567000,
HAUS-1,neu,2026-06-15T12:00:00+02:00,,,5000
""",
    "device-at-meters": """meter,device,since,until,input
alt,70b3d5e75e000001,2021-01-01T00:00:00+01:00,2026-06-15T12:00:00+02:00,pulse1
neu,70b3d5e75e000001,2026-06-15T12:00:00+02:00,,pulse1
""",
    "register-definitions": """device,channel,valid_from,measurand,factor,index,index_raw
70b3d5e75e000001,pulse1,2021-01-01T00:00:00+01:00,water.volume,10/3,0,0
70b3d5e75e000001,pulse1,2026-06-15T12:00:00+02:00,water.volume,10/1,5000,370370
""",
    "readings": """device,time,measurand,channel,value
70b3d5e75e000001,2026-06-15T00:00:00+02:00,meter.pulse_count,pulse1,370200
70b3d5e75e000001,2026-06-16T00:00:00+02:00,meter.pulse_count,pulse1,370400
""",
}
"""A meter of 10/3 L a pulse exchanged for one of 10 L, with its radio module kept."""


async def test_from_tables_alone_a_meter_exchanged_at_noon_is_billed_to_the_last_digit(
    city: MeteringServer, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for kind, table in TABLES.items():
        path = tmp_path / f"{kind}.csv"
        path.write_text(table)
        await import_table.import_file(parser().parse_args(["import", kind, str(path), "--server", city.address]))
    assert "0 refused" in capsys.readouterr().out
    words = ("consumption", "HAUS-1", "--from", "2026-06-15", "--until", "2026-06-16", "--per", "total")
    _, value, *_ = await told(city, capsys, *words)
    # The old meter went from 1 234 000 L to the 1 234 567 L that were read by eye, the new one from 5 L to 305 L.
    assert value == ["2026-06-15 00:00+02:00", "water.volume", "867.000", "L", "measured", "220", "yes"]


async def test_what_is_missing_is_said(city: MeteringServer, capsys: pytest.CaptureFixture[str]) -> None:
    await city.meter()
    await city.read({"2026-06-15 00:00": 5, "2026-06-16 00:00": 8})
    lines = await told(
        city, capsys, "consumption", POINT, "--from", "2026-06-15", "--until", "2026-06-17", "--max-age", "6h"
    )
    assert lines[2] == ["2026-06-16 00:00+02:00", "water.volume", "L", "incomplete", "no", "reading too old"]
    assert lines[-1][0] == "0.003 in 1 of 2"


async def test_a_read_out_has_the_register_or_the_reason(
    city: MeteringServer, capsys: pytest.CaptureFixture[str]
) -> None:
    await city.meter(serials=("8SEN0123456",))
    await city.meter(PointId("unread"), MeterId("m2"), OTHER)
    await city.read({"2026-09-30 23:30": 815_000})
    lines = await told(city, capsys, "read-out", "--at", "2026-10-01")
    assert lines[1] == [
        POINT, "8SEN0123456", "8-0:1.0.0", "815.000", "L", "2026-09-30 23:30+02:00", "measured", "yes",
    ]  # fmt: skip
    assert lines[2] == ["unread", "m2", "8-0:1.0.0", "L", "incomplete", "no", "no reading"]
    one = await told(city, capsys, "read-out", "unread", "--at", "2026-10-01T00:00:00Z")
    assert len(one) == 2


async def test_a_read_rate_is_by_day_zone_and_type(city: MeteringServer, capsys: pytest.CaptureFixture[str]) -> None:
    await city.meter(interval_s=3_600)
    await city.read({ns("2026-03-29 00:00") + hour * HOUR: hour for hour in range(20)})
    words = ("read-rate", "--from", "2026-03-29", "--until", "2026-03-30")
    lines = await told(city, capsys, *words)
    assert lines[1] == ["2026-03-29", "Weststadt", "water", "unknown", "1", "1", "20", "23", "87.0 %"]
    assert await told(city, capsys, *words, "--city-zone", "nowhere") == [["no meters"]]


async def test_exchange_cases_are_listed(city: MeteringServer, capsys: pytest.CaptureFixture[str]) -> None:
    assert await told(city, capsys, "exchange-cases") == [["no exchange cases"]]
    await city.meter(serials=("8SEN0123456",))
    await city.read({NOW - DAY: "8SEN0999999"}, "meter.identity")
    lines = await told(city, capsys, "exchange-cases", "--zone", "UTC")
    assert lines[1][3:] == ["8SEN0999999", "2025-12-31 23:00+00:00", "2026-12-30 23:00+00:00"]


async def test_without_points_there_is_nothing_to_read_out(
    city: MeteringServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await told(city, capsys, "read-out", "--at", "2026-10-01") == [["no metering points"]]


async def test_an_unknown_point_is_not_found(city: MeteringServer, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(NotFound):
        await told(city, capsys, "consumption", "nowhere", "--from", "2026-10-25", "--until", "2026-10-26")


async def test_a_range_the_wrong_way_round_is_refused(city: MeteringServer, capsys: pytest.CaptureFixture[str]) -> None:
    await city.meter()
    with pytest.raises(Refused):
        await told(city, capsys, "consumption", POINT, "--from", "2026-10-26", "--until", "2026-10-25")


@pytest.mark.parametrize(
    "words,said",
    [
        (["consumption", "a/b"], "'a/b' is no name"),
        (["consumption", "p", "--from", "yesterday"], "'yesterday' is not a time"),
        (["consumption", "p", "--zone", "Europe/Ulm"], "'Europe/Ulm' is no time zone"),
        (["consumption", "p", "--day-start", "24:00"], "'24:00' is no time of day"),
        (["consumption", "p", "--max-age", "soon"], "'soon' is no span of time"),
        (["consumption", "p", "--per", "week"], "invalid choice: 'week'"),
        (["read-out"], "required: --at"),
        (["read-rate"], "required: --from, --until"),
    ],
    ids=" ".join,
)
def test_wrong_words_are_one_line(capsys: pytest.CaptureFixture[str], words: list[str], said: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    (line,) = capsys.readouterr().err.splitlines()
    assert (ended.value.code, said in line) == (2, True)
