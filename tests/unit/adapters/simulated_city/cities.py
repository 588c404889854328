"""Builders of cities: small ones, whose time begins at a fixed instant."""

import msgspec
from hypothesis import strategies as st

from adapters.simulated_city import Message, SimulatedCity, SimulatedCitySettings, TruthInMemory
from adapters.simulated_city.fleets import FLEETS
from tests.support.clock import FakeClock

START_NS = 1_767_225_600 * 1_000_000_000
"""2026-01-01 UTC."""
NOON_NS = START_NS + 12 * 3_600 * 1_000_000_000


ALL_SERVERS = ("tts", "chirpstack", "ttn-v2")
BEFALLS = ("resets", "exchanges", "leaks", "faults", "outages", "migrations")
"""Settings of what befalls devices and gateways."""


def settings(**changed: object) -> SimulatedCitySettings:
    """Return settings of a city of 30 devices that send 3,000 frames, with ``changed`` ones."""
    chosen = {"devices": 30, "uplinks": 3_000, "rate": 0.0, "start_ns": START_NS, **changed}
    return msgspec.convert(chosen, SimulatedCitySettings)


def calm(**changed: object) -> SimulatedCitySettings:
    """Return settings of a city where nothing goes wrong."""
    return settings(
        **{**dict.fromkeys(("lost", "repeated", "late", "poison", "empty", "rejoins", *BEFALLS), 0.0), **changed}
    )


def whole_run(chosen: SimulatedCitySettings) -> tuple[list[Message], TruthInMemory]:
    """Return all messages of a city and the truth of them."""
    truth = TruthInMemory()
    with SimulatedCity(chosen, FakeClock(), truth) as city:
        return list(city.messages()), truth


_SHARES = st.floats(0.0, 0.2)


@st.composite
def any_settings(draw: st.DrawFn) -> SimulatedCitySettings:
    """Return settings of a small city of any kind."""
    fleets = tuple(sorted(draw(st.sets(st.sampled_from(sorted(FLEETS)), min_size=1))))
    shares = {name: draw(_SHARES) for name in ("lost", "repeated", "late", "poison", "empty")}
    servers = draw(st.lists(st.sampled_from(ALL_SERVERS), min_size=1, unique=True).map(tuple))
    befalls = {name: draw(st.floats(0.0, 1.0)) for name in BEFALLS if name != "migrations" or len(servers) > 1}
    return settings(
        fleets=fleets,
        devices=draw(st.integers(len(fleets), 12)),
        uplinks=draw(st.integers(1, 1_000)),
        seed=draw(st.integers(0, 2**32)),
        rate=draw(st.sampled_from((0.0, 0.01, 1.0, 1_000.0))),
        interval_s=draw(st.sampled_from((1.0, 60.0, 900.0, 86_400.0))),
        rejoins=draw(st.floats(0.0, 1.0)),
        network_servers=servers,
        **shares,
        **befalls,
    )
