"""Frames that two network servers deliver: one session where copies prove it, else two."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from domain.radio import FrameAccount, Uplink, Verdict, accounted
from tests.support.builders import an_uplink
from tests.unit.domain.radio.ledgers import UTC

ADDRESS = "01a2b3c4"


def ours(f_cnt: int, seconds: float | None = None, payload: bytes = b"\x01") -> Uplink:
    """Return a frame as The Things Stack delivers it."""
    return an_uplink(f_cnt, seconds=seconds, payload=payload, dev_addr=ADDRESS)


def theirs(f_cnt: int, seconds: float | None = None, payload: bytes = b"\x01", dev_addr: str = ADDRESS) -> Uplink:
    """Return a frame as ChirpStack delivers it, a second later."""
    after = (900.0 * f_cnt if seconds is None else seconds) + 1
    return an_uplink(f_cnt, session="", seconds=after, payload=payload, dev_addr=dev_addr, source="chirp")


def after(*uplinks: Uplink) -> dict[str, FrameAccount]:
    """Return the accounts of a device, in this order of arrival."""
    accounts: dict[str, FrameAccount] = {}
    for uplink in uplinks:
        accounts = dict(accounted(uplink, accounts, UTC).accounts)
    return accounts


def numbers(accounts: dict[str, FrameAccount], source: str) -> tuple[int, int, int]:
    """Return received, missing and duplicate at one source."""
    counts = accounts[source].counts
    return counts.received, counts.missing, counts.duplicate


def test_copies_are_one_frame_at_the_source_that_began_first() -> None:
    accounts = after(ours(0), theirs(0), ours(1), theirs(1))
    assert numbers(accounts, "swu") == (2, 0, 2)
    assert numbers(accounts, "chirp") == (0, 0, 0)


def test_what_one_lost_the_other_fills() -> None:
    accounts = after(ours(0), theirs(0), ours(1), theirs(2), ours(3), theirs(3), theirs(6))
    assert numbers(accounts, "swu") == (5, 2, 2)
    assert numbers(accounts, "chirp") == (0, 0, 0)


def test_what_came_before_the_first_copy_was_one_session_too() -> None:
    accounts = after(ours(0, 0), theirs(1, 60), ours(2, 120), theirs(3, 180), theirs(2, 120))
    assert numbers(accounts, "swu") == (4, 0, 1)
    assert numbers(accounts, "chirp") == (0, 0, 0)
    assert not any(account.doubts for account in accounts.values())


def test_a_copy_is_read_once() -> None:
    accounts = after(ours(0))
    found = accounted(theirs(0), accounts, UTC)
    assert (found.verdict, found.source) == (Verdict.DUPLICATE, "swu")


def test_without_a_copy_there_are_two_sessions() -> None:
    accounts = after(ours(0), ours(1), theirs(2), theirs(4))
    assert numbers(accounts, "swu") == (2, 0, 0)
    assert numbers(accounts, "chirp") == (2, 1, 0)


def test_another_address_payload_or_hour_makes_no_copy() -> None:
    for other in (theirs(0, dev_addr="0000ffff"), theirs(0, payload=b"\x02"), theirs(0, 3_600)):
        assert numbers(after(ours(0), other), "chirp") == (1, 0, 0)


def test_a_long_session_of_its_own_before_the_first_copy_stays_and_leaves_a_doubt() -> None:
    accounts = after(*(theirs(n) for n in range(100, 110)), *(ours(n) for n in range(200)), theirs(199))
    assert accounts["chirp"].counts.received == 10
    assert accounts["swu"].counts.received == 200
    assert accounts["chirp"].doubts + accounts["swu"].doubts == 1


def test_a_new_session_is_at_its_own_source_until_a_copy_says_otherwise() -> None:
    accounts = after(ours(0), theirs(0), theirs(0, 50_000, dev_addr="0000ffff"))
    assert numbers(accounts, "chirp") == (1, 0, 0)


@given(st.lists(st.sampled_from(["both", "ours", "theirs", "none"]), min_size=1, max_size=40), st.integers(0, 1_000))
def test_the_sum_is_that_of_all_that_was_heard_in_whatever_order_it_comes(fates: list[str], seed: int) -> None:
    fates = ["both", *fates, "both"]
    heard = [n for n, fate in enumerate(fates) if fate != "none"]
    frames = [ours(n, 30.0 * n) for n, fate in enumerate(fates) if fate in ("both", "ours")]
    frames += [theirs(n, 30.0 * n) for n, fate in enumerate(fates) if fate in ("both", "theirs")]
    chance = Random(seed)
    frames.sort(key=lambda frame: frame.network_ns / 1e9 + chance.uniform(0, 200))
    counts = [account.counts for account in after(*frames).values()]
    assert sum(each.received for each in counts) == len(heard)
    assert sum(each.missing for each in counts) == len(fates) - len(heard)
    assert sum(each.duplicate for each in counts) == len(frames) - len(heard)
