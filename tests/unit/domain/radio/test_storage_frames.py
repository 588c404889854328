"""Frames that the network server's store gives later: without the name of their session, and no loss any more."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.radio import Activation, FrameAccount, LossLedger, Uplink, accounted, activate, recounted
from tests.support.builders import DEV, an_activation, an_uplink
from tests.unit.domain.radio.ledgers import UTC

ADDRESS = "01a2b3c4"
EXTENT = 40


def live(f_cnt: int, seconds: float | None = None, *, session: str = "key-1", dev_addr: str = ADDRESS) -> Uplink:
    """Return a frame as it is published."""
    return an_uplink(f_cnt, seconds=seconds, session=session, dev_addr=dev_addr)


def stored(f_cnt: int, seconds: float | None = None, *, dev_addr: str = ADDRESS) -> Uplink:
    """Return the same frame as the store gives it."""
    return replace(live(f_cnt, seconds, session="", dev_addr=dev_addr), from_storage=True)


def after(*told: Uplink | Activation) -> FrameAccount:
    """Return the account of a device, in this order of arrival."""
    accounts: dict[str, FrameAccount] = {"swu": FrameAccount()}
    for each in told:
        if isinstance(each, Activation):
            accounts["swu"] = activate(each, accounts["swu"], UTC)
        else:
            accounts = dict(accounted(each, accounts, UTC).accounts)
    return accounts["swu"]


def numbers(account: FrameAccount) -> tuple[int, int, int, int]:
    """Return received, missing, recovered and sessions."""
    counts = account.counts
    return counts.received, counts.missing, counts.recovered, counts.sessions


def test_a_stored_frame_fills_the_gap_it_left_and_is_recovered() -> None:
    assert numbers(after(live(0), live(3))) == (2, 2, 0, 1)
    assert numbers(after(live(0), live(3), stored(2))) == (3, 1, 1, 1)


def test_a_frame_that_came_by_both_ways_is_received_once_and_not_recovered() -> None:
    account = after(live(0), live(1), stored(0), stored(1))
    assert numbers(account) == (2, 0, 0, 1)
    assert account.counts.redelivered == 2


def test_a_stored_frame_counts_as_recovered_once_however_late_and_however_often_it_comes() -> None:
    gap = [live(n) for n in (*range(5), *range(6, 200))]
    assert numbers(after(*gap, stored(5), stored(5))) == (200, 0, 1, 1)


def test_the_last_frames_before_now_are_recovered_although_none_came_after_them() -> None:
    assert numbers(after(live(0), stored(1), stored(2))) == (3, 0, 2, 1)


def test_a_session_whose_first_frames_only_the_store_has_is_one_session() -> None:
    stored_first = after(stored(0), stored(1), live(2), live(4))
    assert numbers(stored_first) == (4, 1, 2, 1)
    assert [each.session for each in stored_first.segments] == ["key-1"]
    assert numbers(after(live(2), live(4), stored(0), stored(1))) == (4, 1, 2, 1)


def test_a_join_gives_the_name_that_stored_frames_lack() -> None:
    join = an_activation("key-1", dev_addr=ADDRESS)
    assert numbers(after(join, stored(1), live(3))) == (2, 2, 1, 1)
    assert numbers(after(stored(1), join, live(3))) == (2, 2, 1, 1)


def test_frames_of_two_sessions_find_theirs_by_their_address() -> None:
    account = after(
        live(0, 0),
        live(3, 2_700),
        live(0, 3_600, session="key-2", dev_addr="00ffee11"),
        live(2, 5_400, session="key-2", dev_addr="00ffee11"),
        stored(1, 900),
        stored(1, 4_500, dev_addr="00ffee11"),
    )
    assert numbers(account) == (6, 1, 2, 2)


def test_what_the_store_does_not_have_either_stays_with_the_radio() -> None:
    before = after(live(0), live(4))
    healed = after(live(0), live(4), stored(1), stored(3))
    ledger = LossLedger(UTC)
    [row] = ledger.changed(DEV, "swu", before, healed, 1)
    assert (row.expected, row.received, row.radio, row.network, row.ingest) == (5, 4, 1, 0, 0)
    assert row.recovered == 2


def test_a_recount_of_the_raw_log_finds_the_same() -> None:
    told = [live(0), live(4), stored(1), stored(3), stored(0)]
    counts = recounted(told, UTC).counts
    assert (counts.received, counts.missing) == (4, 1)


@given(
    st.lists(st.sampled_from(["lost", "live", "stored", "both"]), min_size=EXTENT, max_size=EXTENT),
    st.randoms(use_true_random=False),
)
def test_received_and_missing_are_those_of_the_frames_however_the_two_ways_share_them(
    ways: list[str], chance: Random
) -> None:
    ways[0] = ways[-1] = "live"
    spoken = [live(n, 10.0 * n) for n, way in enumerate(ways) if way in {"live", "both"}]
    kept = [stored(n, 10.0 * n) for n, way in enumerate(ways) if way in {"stored", "both"}]
    told = [*spoken, *kept]
    chance.shuffle(told)
    account = after(*told)
    lost = ways.count("lost")
    assert (account.counts.received, account.missing) == (EXTENT - lost, lost)
    assert account.counts.recovered >= ways.count("stored")
    assert account.counts.sessions == 1
    assert account.doubts == 0


@given(st.lists(st.sampled_from(["lost", "live", "stored"]), min_size=EXTENT, max_size=EXTENT))
def test_after_a_backfill_recovered_is_what_only_the_store_had(ways: list[str]) -> None:
    ways[0] = ways[-1] = "live"
    spoken = [live(n) for n, way in enumerate(ways) if way == "live"]
    whole = [stored(n) for n, way in enumerate(ways) if way != "lost"]
    counts = after(*spoken, *whole).counts
    assert counts.recovered == ways.count("stored")
    assert counts.received + counts.missing == EXTENT
