"""The city's truth against the platform: whole runs through reading, accounting and decoding.

What the city says must come out is compared with what does come out, device by device and reading by reading.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings

from adapters.chirpstack.envelope_reader import ChirpStackEnvelopeReader
from adapters.simulated_city import Message, SessionTruth, SimulatedCity, SimulatedCitySettings, TruthInMemory
from adapters.simulated_city.fleets import FLEETS
from adapters.simulated_city.network_servers import source_name, spoken_on
from adapters.ttn.envelope_reader import TtnEnvelopeReader
from application.ports.dead_letters import DeadLetter
from application.ports.uplink_log import LoggedUplinks, RawUplink
from application.processing.batch import read_batch
from application.processing.step import Step
from application.stage_counts import StageCounts
from domain.decoding.catalogue import DECODERS, MODELS
from domain.device import DeviceMemory, DeviceTypeRule, DeviceTypes
from domain.observation import Observation
from domain.radio import FrameAccount
from stadtfunk.container.envelope_readers import EnvelopeReaders
from tests.support.clock import FakeClock
from tests.unit.adapters.simulated_city.cities import (
    ALL_SERVERS,
    BEFALLS,
    NOON_NS,
    START_NS,
    any_settings,
    calm,
    settings,
    whole_run,
)

INCOMPLETE = "fragments_incomplete"
"""Not poison: the first segment of a payload whose second was lost, given up after an hour."""


RULES = tuple(DeviceTypeRule(fleet.device_type, fleet.application_id) for fleet in FLEETS.values())
"""The Things Network v2 does not say which model a device is."""


def raw(topic: str, body: bytes) -> RawUplink:
    """Return a message as the city's source hands it over."""
    server = spoken_on(topic)
    return RawUplink(source_name("city", server), server, topic, body, 1)


def _of_logs(seen: Observation) -> tuple[str, str]:
    """Return which readings of a meter with a log come again and again."""
    return seen.dev_eui, "water.volume"


Frames = dict[tuple[str, str], tuple[int, ...]]
"""By device and network server."""


class Platform:
    """What comes of messages, processed in batches."""

    def __init__(self, messages: Sequence[Message], batch: int = 500) -> None:
        self.memory: dict[str, DeviceMemory] = {}
        self.observations: list[Observation] = []
        self.dead_letters: list[DeadLetter] = []
        self.counts = StageCounts()
        step = Step(DeviceTypes(MODELS, RULES), DECODERS)
        reader = EnvelopeReaders(TtnEnvelopeReader(), ChirpStackEnvelopeReader())
        for start in range(0, len(messages), batch):
            raws = [raw(topic, body) for topic, body in messages[start : start + batch]]
            logged = LoggedUplinks(0, range(start, start + len(raws)), raws)
            outcome = step.process(read_batch(logged, reader), self.memory)
            self.memory.update(outcome.memory)
            self.observations += outcome.observations
            self.dead_letters += outcome.dead_letters
            self.counts.add(outcome.counts)

    def readings(self) -> Counter[tuple[object, ...]]:
        """Return every reading, with how often it came out; what a meter repeats of its past once, as in a store."""
        found = Counter(
            (seen.dev_eui, each.measurand, each.channel, seen.event_ns, type(each.value), each.value, each.exponent)
            for seen in self.observations
            for each in seen.readings
        )
        repeated = {_of_logs(seen) for seen in self.observations if seen.device_type == "axioma_w1"}
        return Counter({key: 1 if key[:2] in repeated else count for key, count in found.items()})

    def frames(self) -> Frames:
        """Return the counts of every device at each of its network servers."""
        return {
            (dev_eui, source): _frames(account)
            for dev_eui, memory in self.memory.items()
            for source, account in memory.accounts.items()
        }


def _frames(account: FrameAccount) -> tuple[int, ...]:
    counts = account.counts
    received = (counts.received, account.missing, counts.duplicate, counts.late, counts.empty, counts.undecodable)
    return (*received, counts.sessions, counts.breaks, counts.redelivered, counts.server_only)


def expected_readings(truth: TruthInMemory) -> Counter[tuple[object, ...]]:
    """Return every reading of the truth."""
    return Counter(
        (each.dev_eui, each.measurand, each.channel, each.event_ns, type(each.value), each.value, each.exponent)
        for each in truth.readings
    )


def expected_frames(truth: TruthInMemory) -> Frames:
    """Return the counts of every device of the truth at each of its network servers; nothing is redelivered."""
    expected: Frames = {}
    for dev_eui, told in truth.devices.items():
        for source in {session.source for session in told.sessions}:
            at_source = [session for session in told.sessions if session.source == source]
            if any(session.received or session.logged for session in at_source):
                expected[dev_eui, source] = _told(at_source)
    return expected


def _told(sessions: Sequence[SessionTruth]) -> tuple[int, ...]:
    names = ("received", "missing", "duplicate", "late", "empty", "undecodable")
    resets = sum(session.is_reset for session in sessions)
    heard = sum(bool(session.received) for session in sessions)
    logged = sum(session.logged for session in sessions)
    return (*(sum(getattr(each, name) for each in sessions) for name in names), heard - resets, resets, 0, logged)


RUNS = {
    "the shares of the demo": settings(devices=100, uplinks=6_000),
    "a demo's pace": settings(devices=100, uplinks=6_000, rate=20.0),
    "as fast as devices may speak": settings(devices=40, uplinks=6_000, rate=1_000.0),
    "a rough day": settings(devices=100, uplinks=6_000, lost=0.15, repeated=0.1, late=0.1, poison=0.1, empty=0.1),
    "many joins": settings(devices=50, uplinks=6_000, rejoins=1.0, late=0.1, lost=0.1),
    "far apart": settings(devices=100, uplinks=6_000, interval_s=7_200.0, late=0.1, repeated=0.1),
    "meters only": settings(devices=60, uplinks=6_000, fleets=("electricity",), lost=0.2, repeated=0.1),
    "all fleets": settings(devices=100, uplinks=6_000, fleets=tuple(FLEETS)),
    "one device": settings(devices=1, uplinks=2_000, fleets=("water",), late=0.1, lost=0.1, repeated=0.1),
    "nothing goes wrong": calm(devices=100, uplinks=3_000),
    "ChirpStack": settings(devices=60, uplinks=3_000, fleets=tuple(FLEETS), network_servers=("chirpstack",)),
    "The Things Network v2": settings(devices=60, uplinks=3_000, fleets=tuple(FLEETS), network_servers=("ttn-v2",)),
    "lamps whose nights end with a late frame": settings(
        devices=6, uplinks=1_500, fleets=("lamps",), rate=0.01, late=0.1, rejoins=0.75, resets=1.0
    ),
    "a line that is never mended": settings(devices=6, uplinks=1_000, interval_s=86_400.0, late=0.1, outages=1.0),
    "trackers": calm(devices=20, uplinks=3_000, fleets=("trackers",)),
    "lamps from noon to noon": settings(devices=40, uplinks=3_000, fleets=("lamps",), start_ns=NOON_NS, faults=0.5),
    "meters are exchanged": calm(devices=40, uplinks=4_000, fleets=("electricity", "water"), exchanges=1.0),
    "water runs": calm(devices=40, uplinks=4_000, fleets=("water", "ultrasonic"), leaks=1.0),
    "meters with a log": settings(devices=20, uplinks=2_000, fleets=("ultrasonic",), lost=0.3, late=0.1, repeated=0.1),
    "devices lose power": settings(devices=40, uplinks=6_000, resets=1.0, late=0.05, lost=0.1),
    "ChirpStack drops resets": settings(devices=40, uplinks=6_000, resets=1.0, network_servers=("chirpstack",)),
    "gateways fall silent": settings(devices=100, uplinks=6_000, fleets=tuple(FLEETS), outages=0.3),
    "the city moves": settings(devices=60, uplinks=4_000, network_servers=ALL_SERVERS, migrations=1.0, late=0.05),
    "all at once": settings(
        devices=100,
        uplinks=8_000,
        fleets=tuple(FLEETS),
        network_servers=ALL_SERVERS,
        **dict.fromkeys(BEFALLS, 0.5),
    ),
}


@pytest.fixture(params=list(RUNS.values()), ids=list(RUNS), scope="module")
def run(request: pytest.FixtureRequest) -> tuple[Platform, TruthInMemory]:
    """Return what came of a city, and what should have."""
    chosen: SimulatedCitySettings = request.param
    messages, truth = whole_run(chosen)
    return Platform(messages), truth


Run = tuple[Platform, TruthInMemory]


def test_every_device_counts_as_the_truth_says(run: Run) -> None:
    platform, truth = run
    assert platform.frames() == expected_frames(truth)


def test_every_reading_of_the_truth_comes_out_once_and_no_other(run: Run) -> None:
    platform, truth = run
    expected, read = expected_readings(truth), platform.readings()
    assert read - expected == Counter()
    assert expected - read == Counter()


def test_no_two_readings_of_the_truth_share_a_key(run: Run) -> None:
    _, truth = run
    keys = Counter((each.dev_eui, each.measurand, each.channel, each.event_ns) for each in truth.readings)
    assert max(keys.values()) == 1


def test_all_poison_ends_among_the_dead_letters_and_nothing_else_does(run: Run) -> None:
    platform, truth = run
    letters = [letter for letter in platform.dead_letters if letter.reason != INCOMPLETE]
    assert Counter(letter.topic for letter in letters) == Counter(poison.topic for poison in truth.poison)
    undecodable = sum(bool(letter.payload) for letter in letters)
    assert undecodable == sum(poison.broken == "payload" for poison in truth.poison)


def test_the_conservation_law_balances(run: Run) -> None:
    platform, truth = run
    assert platform.counts.in_flight == 0
    assert platform.counts.dead == len(truth.poison)
    assert platform.counts.ignored == {}
    assert platform.counts.duplicate == sum(told.duplicate for told in truth.devices.values())


def test_the_devices_are_known_by_their_models(run: Run) -> None:
    platform, truth = run
    known = {dev_eui for dev_eui, memory in platform.memory.items() if memory.device.device_type}
    assert known == {dev_eui for dev_eui, told in truth.devices.items() if told.received}


@given(any_settings())
@hypothesis_settings(deadline=None, max_examples=60)
def test_whatever_the_settings_the_platform_sees_the_truth(chosen: SimulatedCitySettings) -> None:
    messages, truth = whole_run(chosen)
    platform = Platform(messages)
    assert platform.frames() == expected_frames(truth)
    assert platform.readings() == expected_readings(truth)


def test_a_rough_day_has_everything() -> None:
    _, truth = whole_run(RUNS["a rough day"])
    for name in ("missing", "duplicate", "late", "empty", "undecodable"):
        assert sum(getattr(told, name) for told in truth.devices.values()) > 100
    measurands = {reading.measurand for reading in truth.readings}
    assert len(measurands) > 20


def test_a_city_started_again_goes_on_in_new_sessions() -> None:
    """As a demo that was stopped anywhere, and started again within the hour."""
    messages: list[Message] = []
    truths: list[TruthInMemory] = []
    for start_ns in (START_NS, START_NS + 60 * 60 * 10**9):
        truth = TruthInMemory()
        with SimulatedCity(settings(rate=10.0, uplinks=0, start_ns=start_ns, late=0.1), FakeClock(), truth) as city:
            messages += islice(city.messages(), 1_500)
        truths.append(truth)
    platform = Platform(messages)
    assert platform.readings() == sum(map(expected_readings, truths), Counter())
    first, second = map(expected_frames, truths)
    assert platform.frames() == {
        dev_eui: tuple(map(sum, zip(first[dev_eui], second[dev_eui], strict=True))) for dev_eui in first
    }


def test_the_size_of_batches_changes_nothing() -> None:
    messages, _ = whole_run(settings(devices=20, uplinks=1_000))
    one_by_one, at_once = Platform(messages, batch=1), Platform(messages, batch=len(messages))
    assert one_by_one.readings() == at_once.readings()
    assert one_by_one.frames() == at_once.frames()
