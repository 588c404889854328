"""Generated histories of one device at one source: what was heard, and orders in which it may arrive."""

from random import Random

from hypothesis import strategies as st

from domain.radio import Activation, Uplink
from tests.support.builders import DEV, NS, an_activation, an_uplink

Told = Uplink | Activation
WINDOW_S = 599
MOST_DISPLACED = 64


@st.composite
def histories(draw: st.DrawFn, most: int = 9) -> list[Told]:
    """Return sessions with joins told or not, resets, losses, copies, empty frames and roll-overs, by network time.

    The server names sessions, or gives the DevAddr, or nothing; no two messages have the same network time.
    """
    naming = draw(st.sampled_from(["named", "addressed", "unnamed"]))
    told: list[Told] = []
    clock = float(draw(st.integers(0, 80_000)))
    for number in range(draw(st.integers(1, 3))):
        clock += draw(st.integers(61, 5_000))
        name = f"session-{number}" if naming == "named" else ""
        address = f"0000000{number}" if naming == "addressed" else ""
        if draw(st.booleans()):
            told.append(_join(name, address, clock + draw(st.integers(-25, 25)) + 0.5))
        f_cnt = draw(st.sampled_from([0, 0, 0, 1, 30, 65_530]))
        for _ in range(draw(st.integers(1, most))):
            clock += draw(st.sampled_from([1.0, 7.5, 40.0, 61.0, 300.0, 900.0, 20_000.0]))
            payload = draw(st.sampled_from([b"\x01", b"\x02", b""]))
            told.append(an_uplink(f_cnt % 65_536, seconds=clock, payload=payload, dev_addr=address, session=name))
            if draw(st.integers(0, 5)) == 0:
                clock += draw(st.integers(1, 59))
                told.append(an_uplink(f_cnt % 65_536, seconds=clock, payload=payload, dev_addr=address, session=name))
            f_cnt += draw(st.sampled_from([1, 1, 1, 1, 2, 5, 40]))
            if draw(st.integers(0, 12)) == 0:
                f_cnt = draw(st.integers(0, 5))  # a reset, or a joke of the network
    return list({(type(each), each.network_ns): each for each in told}.values())


@st.composite
def arrivals(draw: st.DrawFn, told: list[Told]) -> list[Told]:
    """Return ``told`` in an order within the window: each comes less than ten minutes and 64 messages late."""
    delays = draw(st.lists(st.integers(0, WINDOW_S), min_size=len(told), max_size=len(told)))
    ordered = sorted(told, key=_network_ns)
    keys = {id(each): each.network_ns / 1e9 + delay for each, delay in zip(ordered, delays, strict=True)}
    arrived = sorted(ordered, key=lambda each: keys[id(each)])
    displaced = [abs(arrived.index(each) - place) for place, each in enumerate(ordered)]
    return arrived if max(displaced, default=0) <= MOST_DISPLACED else ordered


def a_long_history(chance: Random) -> tuple[list[Told], list[Told]]:
    """Return some hundred messages as above, and an order within the window in which they may arrive."""
    naming = chance.choice(["named", "addressed", "unnamed"])
    told: list[Told] = []
    clock = chance.uniform(0, 80_000)
    for number in range(chance.randint(1, 4)):
        clock += chance.uniform(61, 5_000)
        name = f"session-{number}" if naming == "named" else ""
        address = f"0000000{number}" if naming == "addressed" else ""
        if chance.random() < 0.5:
            told.append(_join(name, address, clock + chance.uniform(-25, 25)))
        f_cnt = chance.choice([0, 0, 0, 1, 30, 65_530])
        steps = chance.choice([[1.0, 7.5, 40.0], [1.0, 40.0, 61.0, 300.0, 900.0, 20_000.0], [40.0, 61.0, 300.0]])
        for _ in range(chance.randint(1, 150)):
            clock += chance.choice(steps) + chance.random() / 1_000
            payload = chance.choice([b"\x01", b"\x02", b""])
            told.append(an_uplink(f_cnt % 65_536, seconds=clock, payload=payload, dev_addr=address, session=name))
            while chance.random() < 0.2:
                clock += chance.uniform(1, 59)
                told.append(an_uplink(f_cnt % 65_536, seconds=clock, payload=payload, dev_addr=address, session=name))
            f_cnt = chance.randint(0, 5) if chance.random() < 0.05 else f_cnt + chance.choice([1, 1, 1, 1, 2, 5, 40])
    ordered = sorted(told, key=_network_ns)
    within_s = chance.choice([5, 60, WINDOW_S])
    delayed = sorted((each.network_ns + chance.uniform(0, within_s) * NS, place) for place, each in enumerate(ordered))
    displaced = max(abs(place - at) for at, (_, place) in enumerate(delayed))
    return told, [ordered[place] for _, place in delayed] if displaced <= MOST_DISPLACED else ordered


def _network_ns(told: Told) -> int:
    return told.network_ns


def _join(session: str, dev_addr: str, seconds: float) -> Activation:
    join = an_activation(session, seconds)
    return Activation(
        join.dev_eui, join.source, join.application_id, join.device_id, session, join.network_ns, dev_addr
    )


__all__ = ["DEV", "Told", "a_long_history", "arrivals", "histories"]
