"""Records of meters come back from a store as they were put."""

from pathlib import Path

import pytest

from adapters.sqlite.database import SqliteDatabase
from adapters.sqlite.master_data import SqliteMasterData
from application.ports.master_data import MasterRecord
from domain.identifiers import DevEui
from domain.meter import (
    DeviceAtMeter,
    Medium,
    Meter,
    MeterAtPoint,
    MeterId,
    MeteringPoint,
    PointId,
    Ratio,
    RegisterDefinition,
)

DEV = DevEui("70b3d5e75e000001")
POINT, METER = PointId("DE0008962000000000000000000012345"), MeterId("meter-1")
RECORDS: list[MasterRecord] = [
    MeteringPoint(POINT, 1, Medium.HEAT, "Weststadt", "Münster", "infrastructure", {"straße": "Münsterplatz"}),
    Meter(METER, 1, Medium.WATER, ("8SEN1", "0a 01"), 2**62 + 1, "W1"),
    MeterAtPoint(POINT, METER, 1_767_222_000_000_000_001, 1, 2**62, {"water.volume": 2**60}, {"water.volume/": 3}),
    DeviceAtMeter(METER, DEV, 0, 1, input="ch2", transport="smart_meter_gateway", interval_s=900),
    RegisterDefinition(
        DEV,
        "pulse1",
        5,
        1,
        "water.volume",
        "meter.pulse_count",
        "t1",
        "8-0:1.0.1",
        Ratio(1, 3),
        2**60,
        7,
        2**32,
        100,
        "down",
        Ratio(250, 5),
        Ratio(20_000, 100),
        ratio_applied=False,
        most_per_hour=9,
    ),
    RegisterDefinition(DEV, "", 0, 1, "heat.energy"),
]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: f"{type(record).__name__} {record.key}")
async def test_every_field_comes_back(tmp_path: Path, record: MasterRecord) -> None:
    async with SqliteDatabase(tmp_path) as database:
        records = SqliteMasterData(database)
        await records.put([record])
        assert await records.get(type(record), record.key) == record
