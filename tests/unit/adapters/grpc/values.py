"""Hypothesis strategies of what a store may hold."""

from hypothesis import strategies as st

from application.ports.reading_query import StoredReading
from domain.identifiers import DevEui
from domain.observation import MEASURANDS, Kind, Measurand, Position, Reading, Value
from tests.support.builders import DEV, NOON_NS

INT64 = st.integers(-(2**63), 2**63 - 1)
TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
EVENTS = st.integers(-(2**63), 2**63 - 1)
TIMES_US = st.integers(1, 2**53)

positions = st.builds(
    Position,
    st.integers(-900_000_000, 900_000_000),
    st.integers(-1_800_000_000, 1_800_000_000),
    st.sampled_from(["gnss", "configured"]),
    st.none() | st.floats(allow_nan=False, allow_infinity=False),
    st.none() | st.floats(0, 1e6),
    st.none() | st.integers(0, 99),
)


def values(row: Measurand) -> st.SearchStrategy[Value]:
    """Return values that a measurand may have."""
    if row.kind is Kind.REGISTER:
        return INT64
    if row.kind is Kind.GAUGE:
        return st.floats(allow_nan=False, allow_infinity=False)
    if row.kind is Kind.COMPOSITE:
        return positions
    return st.booleans() | INT64 | TEXT


def _exponent(row: Measurand) -> int:
    return row.exponent if row.kind is Kind.REGISTER else 0


@st.composite
def readings(draw: st.DrawFn) -> Reading:
    """Draw a reading of the catalogue."""
    row = draw(st.sampled_from(sorted(MEASURANDS.values(), key=lambda each: each.name)))
    channel = draw(st.sampled_from(["", "t1", "pulse1"]))
    quality = draw(st.sampled_from(["measured", "device_flagged", "implausible"]))
    return Reading(row.name, channel, draw(values(row)), _exponent(row), quality)


def stored(events: st.SearchStrategy[int] = EVENTS) -> st.SearchStrategy[StoredReading]:
    """Return stored readings of one device."""
    return st.builds(
        StoredReading,
        st.just(DevEui(DEV)),
        events,
        readings(),
        TIMES_US,
        st.sampled_from(["device", "derived", "network"]),
        st.integers(0, 10**9),
        st.sampled_from(["imst_ioke868", "nas_um30xx"]),
        st.sampled_from(["imst_ioke868@1", "imst_ioke868@2"]),
        st.sampled_from(["swu", "ttn"]),
        st.integers(0, 2**32 - 1),
    )


FEW_EVENTS = st.integers(NOON_NS, NOON_NS + 5)
"""So few that instants are shared."""
