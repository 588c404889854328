"""Outages with joins in them: whole sessions that only the store has, without their names, long after."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from domain.radio import Activation, FrameAccount, Uplink, accounted, activate
from tests.support.builders import an_activation, an_uplink
from tests.unit.domain.radio.ledgers import UTC

APART_S = 900.0


class Session(Struct):
    """How many frames a device sends in one session, and which of them the radio loses."""

    frames: int
    lost: frozenset[int]


@st.composite
def histories(draw: st.DrawFn) -> list[Session]:
    """Draw a life of a few sessions."""
    lengths = draw(st.lists(st.integers(1, 120), min_size=1, max_size=4))
    chance = draw(st.randoms(use_true_random=False))
    share = draw(st.sampled_from([0.0, 0.1, 0.5]))
    return [
        Session(length, frozenset(n for n in range(1, length - 1) if chance.random() < share)) for length in lengths
    ]


def spoken(history: list[Session]) -> list[tuple[Activation, list[Uplink]]]:
    """Return joins and the frames that the network heard, by time."""
    found, at = [], 0.0
    for number, session in enumerate(history):
        key, address = f"key-{number}", f"0{number}ffee11"
        join = an_activation(key, at, dev_addr=address)
        frames = [
            an_uplink(f_cnt, seconds=at + 60 + f_cnt * APART_S, session=key, dev_addr=address)
            for f_cnt in range(session.frames)
            if f_cnt not in session.lost
        ]
        found.append((join, frames))
        at += 120 + session.frames * APART_S
    return found


def stored(uplink: Uplink) -> Uplink:
    """Return a frame as the store gives it."""
    return replace(uplink, session="", from_storage=True)


def counted(told: list[Activation | Uplink]) -> FrameAccount:
    """Return the account after ``told``, in this order of arrival."""
    accounts: dict[str, FrameAccount] = {"swu": FrameAccount()}
    for each in told:
        if isinstance(each, Activation):
            accounts["swu"] = activate(each, accounts["swu"], UTC)
        else:
            accounts = dict(accounted(each, accounts, UTC).accounts)
    return accounts["swu"]


def cut(history: list[Session], begin: float, length: float) -> tuple[list[Activation | Uplink], list[Uplink]]:
    """Return what came the live way around an outage, and all frames from a little before it to a little after."""
    messages: list[Activation | Uplink] = []
    for join, frames in spoken(history):
        messages += [join, *frames]
    first = int(begin * len(messages))
    last = first + int(length * (len(messages) - first))
    live = messages[:first] + messages[last:]
    window = [each for each in messages[max(0, first - 3) : last + 3] if isinstance(each, Uplink)]
    return live, [stored(each) for each in window]


@settings(deadline=None)
@given(histories(), st.floats(0.0, 0.9), st.floats(0.0, 1.0), st.randoms(use_true_random=False))
def test_after_a_backfill_everything_the_network_heard_is_received_once(
    history: list[Session], begin: float, length: float, chance: Random
) -> None:
    live, window = cut(history, begin, length)
    ahead = chance.randint(0, 5)  # live messages go on while the store is asked
    split = max(0, len(live) - ahead)
    told = [*live[:split], *window, *live[split:]]
    counts = counted(told).counts
    assert counts.received == sum(len(frames) for _, frames in spoken(history))
    assert counts.missing == sum(len(session.lost) for session in history)
    assert counts.recovered >= len({*map(key_of, window)} - {key_of(each) for each in live if isinstance(each, Uplink)})


def key_of(uplink: Uplink) -> tuple[str, int]:
    """Return what tells a frame from the others."""
    return uplink.dev_addr, uplink.f_cnt
