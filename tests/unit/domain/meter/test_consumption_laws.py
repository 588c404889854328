"""The values of adjoining buckets add up to the value of the whole, to the last digit: any zone, counter, exchange."""

from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from domain.identifiers import DevEui
from domain.meter import (
    Calendar,
    DeviceAtMeter,
    Grain,
    History,
    MeterAtPoint,
    MeterId,
    Ratio,
    Reason,
    RegisterDefinition,
    RegisterReading,
    Status,
)
from tests.unit.domain.meter.points import DAY, NS, POINT, PULSES, Readings, a_history, used

ZONES = ["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia", "UTC"]
BEFORE_THE_CHANGE_S = int(datetime(2026, 10, 23, 7, 13, 5, tzinfo=UTC).timestamp())


class Told(Struct, frozen=True):
    """A generated history and what was truly used in it."""

    history: History
    since_ns: int
    until_ns: int
    pulses: int
    factor: Ratio
    notes: int
    """How often the meter's register was noted, rounded to its resolution."""


class Meters:
    """Generates meters that follow each other at a point, each read by one or two devices after each other."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw
        self.factor = Ratio(draw(st.sampled_from([1, 10, 1_000])), draw(st.sampled_from([1, 3, 7])))
        self.resolution = draw(st.sampled_from([1, 1_000]))
        self.modulus = draw(st.sampled_from([1_000, 65_536]))
        self.at_ns = BEFORE_THE_CHANGE_S * NS
        self.since_ns = self.at_ns
        self.pulses = 0
        self.notes = 0
        self.hung: list[MeterAtPoint] = []
        self.devices: list[DeviceAtMeter] = []
        self.definitions: list[RegisterDefinition] = []
        self.readings: dict[DevEui, Readings] = {}

    def add(self) -> None:
        """Let a meter hang, from a register that was noted to one that is."""
        start_ns, meter = self.at_ns, MeterId(f"meter-{len(self.hung)}")
        register = self._draw(st.integers(0, 10**6)) * self.resolution
        for _ in range(self._draw(st.integers(1, 2))):
            register = self._read(meter, register)
        self.hung.append(MeterAtPoint(POINT, meter, start_ns, 0, self.at_ns, {}, {"water.volume": register}))

    def _read(self, meter: MeterId, register: int) -> int:
        """Let a device count from ``register`` on for some readings; return the register that is noted then."""
        draw, start_ns = self._draw, self.at_ns
        dev_eui = DevEui(f"{len(self.devices):016x}")
        steps = draw(st.lists(st.tuples(st.integers(60, 90_000), st.integers(0, self.modulus // 4)), max_size=12))
        raw, counted, readings = draw(st.integers(0, self.modulus - 1)), 0, []
        for seconds, pulses in steps:
            self.at_ns += seconds * NS
            counted += pulses
            readings.append(RegisterReading(self.at_ns, (raw + counted) % self.modulus))
        self.at_ns += 60 * NS
        definition = RegisterDefinition(
            dev_eui,
            "pulse1",
            start_ns,
            0,
            "water.volume",
            factor=self.factor,
            index=register,
            index_raw=raw,
            modulus=self.modulus,
            resolution=self.resolution,
        )
        self.pulses += counted
        self.notes += 1
        self.devices.append(DeviceAtMeter(meter, dev_eui, start_ns, 0, self.at_ns))
        self.definitions.append(definition)
        self.readings[dev_eui] = {PULSES: readings}
        return register + self._volume(definition, counted)

    def _volume(self, definition: RegisterDefinition, counted: int) -> int:
        """Return how far ``counted`` pulses move the register, in whole steps of its resolution."""
        scale, step = definition.scale(), self.resolution
        volume = counted * scale.numerator
        return (2 * volume + scale.denominator * step) // (2 * scale.denominator * step) * step

    def told(self) -> Told:
        """Return all of it."""
        history = a_history(self.readings, hung=self.hung, devices=self.devices, definitions=self.definitions)
        return Told(history, self.since_ns, self.at_ns, self.pulses, self.factor, self.notes)


@st.composite
def told(draw: st.DrawFn) -> Told:
    """Draw one to three meters after each other."""
    meters = Meters(draw)
    for _ in range(draw(st.integers(1, 3))):
        meters.add()
    return meters.told()


calendars = st.builds(
    Calendar, st.sampled_from(ZONES).map(ZoneInfo), st.sampled_from([0, 6 * 3_600, 2 * 3_600 + 1_800])
)


@given(told(), calendars, st.sampled_from([Grain.HOUR, Grain.DAY, Grain.MONTH]), st.booleans())
def test_buckets_add_up_to_the_whole(made: Told, calendar: Calendar, grain: Grain, interpolate: bool) -> None:
    boundaries = calendar.boundaries(made.since_ns, made.until_ns, grain, 100_000)
    buckets = used(made.history, *boundaries, interpolate=interpolate, max_age_ns=400 * DAY)
    (whole,) = used(made.history, made.since_ns, made.until_ns, interpolate=interpolate, max_age_ns=400 * DAY)
    assert whole.value is not None
    assert sum(each.value for each in buckets if each.value is not None) == whole.value
    assert all(each.value is not None and each.value >= 0 for each in buckets)


@given(told())
def test_the_whole_is_what_was_truly_used(made: Told) -> None:
    (whole,) = used(made.history, made.since_ns, made.until_ns, max_age_ns=400 * DAY)
    exact = made.pulses * made.factor.numerator * 1_000 / made.factor.denominator
    rounding = 500 * made.notes  # by half a litre at most
    assert whole.value is not None
    assert abs(whole.value - exact) <= rounding + 1
    assert whole.status is Status.MEASURED
    assert Reason.BACKWARD_JUMP not in whole.reasons


@given(st.lists(st.tuples(st.integers(0, 1_000), st.booleans()), min_size=2, max_size=40))
def test_a_bucket_with_both_its_readings_has_its_value_whichever_others_came(steps: list[tuple[int, bool]]) -> None:
    start_ns, dev_eui, count = BEFORE_THE_CHANGE_S * NS, DevEui("70b3d5e75e000001"), 0
    came, counts = [], []
    for number, (pulses, comes) in enumerate(steps):
        count += pulses
        if comes:
            came.append(RegisterReading(start_ns + number * 900 * NS, count))
            counts.append(count)
    history = a_history(
        {dev_eui: {PULSES: came}}, definitions=[RegisterDefinition(dev_eui, "pulse1", 0, 0, "water.volume")]
    )
    found = used(history, *(each.event_ns for each in came))
    assert [each.value for each in found] == [(end - start) * 1_000 for start, end in pairwise(counts)]


WILD = st.lists(
    st.tuples(
        st.integers(0, 200_000),
        st.integers(0, 2**17),
        st.sampled_from(["measured", "measured", "device_flagged", "implausible", "substituted"]),
        st.sampled_from([0, 2, 900]),
    ),
    max_size=30,
)
"""Seconds, counts, qualities and uncertainties without any sense."""


@given(WILD, st.sampled_from([0, 1_000, 65_536]), st.sampled_from([0, 1_000]), st.booleans(), st.sampled_from("ud"))
def test_whatever_a_counter_does_values_add_up_and_none_is_negative(
    wild: list[tuple[int, int, str, int]], modulus: int, most_per_hour: int, interpolate: bool, direction: str
) -> None:
    start_ns, dev_eui = BEFORE_THE_CHANGE_S * NS, DevEui("70b3d5e75e000001")
    readings = [
        RegisterReading(start_ns + at_s * NS, raw, quality, uncertainty_s * NS)
        for at_s, raw, quality, uncertainty_s in sorted({each[0]: each for each in wild}.values())
    ]
    definition = RegisterDefinition(
        dev_eui,
        "pulse1",
        0,
        0,
        "water.volume",
        modulus=modulus,
        most_per_hour=most_per_hour,
        direction={"u": "up", "d": "down"}[direction],
    )
    history = a_history({dev_eui: {PULSES: readings}}, definitions=[definition])
    boundaries = [start_ns + hour * 3_600 * NS for hour in range(60)]
    found = used(history, *boundaries, interpolate=interpolate, max_age_ns=400 * DAY)
    complete = [each for each in found if each.value is not None]
    assert all(each.value >= 0 for each in complete if each.value is not None)
    if complete:
        (whole,) = used(
            history, complete[0].since_ns, complete[-1].until_ns, interpolate=interpolate, max_age_ns=400 * DAY
        )
        assert whole.value == sum(each.value or 0 for each in complete)
