"""Ids that were seen: as a set, and no larger however many they are."""

from hypothesis import given
from hypothesis import strategies as st

from adapters.kafka.known_ids import KnownIds


@given(st.lists(st.text(max_size=3)))
def test_an_id_is_new_once(ids: list[str]) -> None:
    seen: set[str] = set()
    with KnownIds() as known:
        for each in ids:
            assert known.add(each) is (each not in seen)
            seen.add(each)
