"""Records of meters are stored if they keep the rules, for themselves and beside their neighbours."""

import pytest

from adapters.memory.master_data import MemoryMasterData
from application.record_merge import Draft, RecordMerge
from domain.meter import DeviceAtMeter, MeterAtPoint, MeterId, PointId, Ratio, RegisterDefinition
from tests.support.builders import DEV
from tests.support.clock import FakeClock

NOON, LATER = 1_781_517_600 * 10**9, 1_781_604_000 * 10**9


@pytest.fixture
def records() -> MemoryMasterData:
    return MemoryMasterData()


def at_point(point: str, meter: str, since_ns: int, **more: object) -> Draft:
    """Return what somebody says of a meter at a point."""
    return Draft("meter_at_point", {"point": point, "meter": meter, "since_ns": since_ns, **more})


def at_meter(meter: str, since_ns: int, **more: object) -> Draft:
    """Return what somebody says of a device at a meter."""
    return Draft("device_at_meter", {"meter": meter, "dev_eui": DEV.upper(), "since_ns": since_ns, **more})


async def actions(records: MemoryMasterData, *drafts: Draft) -> list[str]:
    """Return what became of ``drafts``: the reason of a refusal."""
    merged = await RecordMerge(records, FakeClock()).merge(drafts)
    return [each.refusal.get("reason", each.action) for each in merged]


async def test_an_exchange_ends_the_old_meter_before_the_new_one_comes(records: MemoryMasterData) -> None:
    assert await actions(records, at_point("p", "old", 0), at_point("p", "new", NOON)) == [
        "created",
        "ASSIGNMENTS_OVERLAP",
    ]
    ended = at_point("p", "old", 0, until_ns=NOON, registers_at_end={"water.volume/": "1234567000"})
    assert await actions(records, ended, at_point("p", "new", NOON)) == ["changed", "created"]
    stored = await records.page(MeterAtPoint, size=10)
    assert [(each.meter, each.until_ns == NOON, each.registers_at_end) for each in stored] == [
        ("old", True, {"water.volume/": 1_234_567_000}),
        ("new", False, {}),
    ]


async def test_a_device_reads_one_meter_with_one_input(records: MemoryMasterData) -> None:
    assert await actions(
        records,
        at_meter("m1", 0, input="pulse1"),
        at_meter("m2", 0, input="pulse2"),
        at_meter("m3", NOON, input="pulse1"),
    ) == ["created", "created", "ASSIGNMENTS_OVERLAP"]
    assert [each.meter for each in await records.page(DeviceAtMeter, size=10)] == ["m1", "m2"]


async def test_one_stored_before_is_a_neighbour_too(records: MemoryMasterData) -> None:
    await records.put([MeterAtPoint(PointId("p"), MeterId("m"), 0, 1, NOON)])
    assert await actions(records, at_point("q", "m", NOON - 1), at_point("q", "m", NOON)) == [
        "ASSIGNMENTS_OVERLAP",
        "created",
    ]


async def test_a_definition_may_come_as_texts_of_a_table(records: MemoryMasterData) -> None:
    fields = {
        "dev_eui": DEV,
        "channel": "pulse1",
        "valid_from_ns": str(NOON),
        "measurand": "water.volume",
        "factor": ["1", "3"],
        "index": "1234000",
    }
    assert await actions(records, Draft("register_definition", dict(fields))) == ["created"]
    (stored,) = await records.page(RegisterDefinition, size=10)
    assert (stored.factor, stored.index, stored.valid_from_ns) == (Ratio(1, 3), 1_234_000, NOON)


@pytest.mark.parametrize(
    "draft",
    [
        Draft("metering_point", {"point": "a/b", "medium": "water"}),
        Draft("metering_point", {"point": "p", "medium": "tea"}),
        Draft("metering_point", {"point": "p", "medium": "water", "data_class": "secret"}),
        Draft("meter", {"meter": "", "medium": "water"}),
        Draft("meter", {"meter": "m", "medium": "water", "serials": ["-"]}),
        at_meter("m", NOON, interval_s=-1),
        at_meter("m", NOON, input="mouth"),
        at_meter("m", NOON, transport="pigeon"),
        at_point("p", "m", LATER, until_ns=NOON),
        at_point("p/q", "m", NOON),
        at_meter("", NOON),
        Draft("register_definition", {"dev_eui": DEV, "channel": "pulse1", "valid_from_ns": 0, "measurand": "water"}),
    ],
    ids=lambda draft: f"{draft.kind} {draft.fields}",
)
async def test_what_makes_no_sense_is_refused(records: MemoryMasterData, draft: Draft) -> None:
    assert await actions(records, draft) == ["INVALID_VALUE"]
