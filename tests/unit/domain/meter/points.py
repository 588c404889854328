"""Builders of metering points: a test names only what it is about."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from domain.identifiers import DevEui
from domain.meter import (
    OPEN_NS,
    Calendar,
    Consumption,
    DeviceAtMeter,
    ExchangeCase,
    Grain,
    History,
    Medium,
    Meter,
    MeterAtPoint,
    MeterId,
    MeteringPoint,
    PointId,
    Policy,
    RegisterDefinition,
    RegisterName,
    RegisterReading,
    SpanReadings,
    consumption,
    courses,
    spans_of,
)

NS = 10**9
HOUR = 3_600 * NS
DAY = 24 * HOUR
LITRE = 1_000
"""Steps of water.volume (mL)."""
BERLIN = ZoneInfo("Europe/Berlin")
POINT = PointId("DE0008962000000000000000000012345")
OLD, NEW = MeterId("old-meter"), MeterId("new-meter")
DEVICE, OTHER = DevEui("70b3d5e75e000001"), DevEui("70b3d5e75e000002")
WATER = RegisterName("water.volume")
ENERGY = RegisterName("electricity.energy.active.import")
VOLUME = ("water.volume", "")
PULSES = ("meter.pulse_count", "pulse1")
CALIBRATED_NS = int(datetime(2032, 1, 1, tzinfo=UTC).timestamp()) * NS


def ns(text: str, zone: ZoneInfo = BERLIN, fold: int = 0) -> int:
    """Return the instant of a wall clock, such as ``2026-03-29 12:00``."""
    return int(datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).timestamp()) * NS


START = ns("2026-01-01 00:00")
NOW = ns("2027-01-01 00:00")


def read(*pairs: tuple[str | int, int], quality: str = "measured", uncertainty_s: int = 0) -> list[RegisterReading]:
    """Return readings ``(when, counter)``."""
    return [
        RegisterReading(when if isinstance(when, int) else ns(when), raw, quality, uncertainty_s * NS)
        for when, raw in pairs
    ]


def hourly(since: str, count: int, per_hour: int = LITRE) -> list[tuple[int, int]]:
    """Return a reading each full hour."""
    return [(ns(since) + hour * HOUR, hour * per_hour) for hour in range(count)]


def a_meter(meter: MeterId = OLD, *serials: str, calibrated_until_ns: int = CALIBRATED_NS) -> Meter:
    """Return a water meter."""
    return Meter(meter, 0, Medium.WATER, serials, calibrated_until_ns)


def hangs(
    meter: MeterId = OLD,
    since_ns: int = START,
    until_ns: int = OPEN_NS,
    *,
    showed: dict[str, int] | None = None,
    showed_last: dict[str, int] | None = None,
) -> MeterAtPoint:
    """Return a meter at the point."""
    return MeterAtPoint(POINT, meter, since_ns, 0, until_ns, showed or {}, showed_last or {})


def reads(
    meter: MeterId = OLD,
    dev_eui: DevEui = DEVICE,
    since_ns: int = START,
    until_ns: int = OPEN_NS,
    *,
    device_input: str = "",
    transport: str = "lorawan",
    interval_s: int = 0,
) -> DeviceAtMeter:
    """Return a device at a meter."""
    return DeviceAtMeter(meter, dev_eui, since_ns, 0, until_ns, device_input, transport, interval_s)


Readings = Mapping[tuple[str, str], Sequence[RegisterReading]]


def a_history(
    readings: Mapping[DevEui, Readings],
    *,
    hung: Iterable[MeterAtPoint] = (hangs(),),
    devices: Iterable[DeviceAtMeter] = (reads(),),
    definitions: Iterable[RegisterDefinition] = (),
    meters: Iterable[Meter] = (a_meter(), a_meter(NEW)),
    medium: Medium = Medium.WATER,
    cases: Sequence[ExchangeCase] = (),
) -> History:
    """Return what is known of a point where ``readings`` were made."""
    ordered = sorted(hung, key=lambda each: each.since_ns)
    at_meter: dict[MeterId, list[DeviceAtMeter]] = {}
    for each in devices:
        at_meter.setdefault(each.meter, []).append(each)
    spans = spans_of(ordered, at_meter, 0, OPEN_NS)
    parts = [
        SpanReadings(
            span,
            [each for each in definitions if each.dev_eui == span.device_at_meter.dev_eui],
            readings.get(span.device_at_meter.dev_eui, {}),
        )
        for span in spans
    ]
    return History(
        MeteringPoint(POINT, 0, medium),
        ordered,
        {each.meter: each for each in meters},
        spans,
        courses(parts, ordered),
        cases,
    )


def a_definition(valid_from_ns: int = START, /, **changed: object) -> RegisterDefinition:
    """Return the definition of a pulse input that counts litres."""
    facts: dict[str, object] = {"measurand": "water.volume", "valid_from_ns": valid_from_ns, "written_us": 0, **changed}
    return RegisterDefinition(DEVICE, "pulse1", **facts)  # type: ignore[arg-type]


def used(
    history: History,
    *instants: str | int,
    register: RegisterName = WATER,
    interpolate: bool = False,
    max_age_ns: int = DAY,
    now_ns: int = NOW,
) -> list[Consumption]:
    """Return what was used between each two of ``instants``."""
    boundaries = [each if isinstance(each, int) else ns(each) for each in instants]
    return list(consumption(history, register, boundaries, Policy(max_age_ns, now_ns, interpolate)))


def by(grain: Grain, since: str, until: str, day_start_s: int = 0, zone: ZoneInfo = BERLIN) -> list[int]:
    """Return the boundaries of the buckets between two wall clocks."""
    return Calendar(zone, day_start_s).boundaries(ns(since, zone), ns(until, zone), grain, 10_000)
