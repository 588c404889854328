"""The newest letters of as many as come."""

from hypothesis import given
from hypothesis import strategies as st

from adapters.kafka.newest_letters import Newest
from tests.support.builders import a_dead_letter


@given(st.lists(st.integers(0, 20)), st.integers(1, 5))
def test_no_more_are_held_than_asked_for_and_those_are_the_newest(times: list[int], limit: int) -> None:
    newest = Newest(limit, lambda letter: letter.received_us)
    letters = [a_dead_letter(f"{number:03}", received_us=time) for number, time in enumerate(times)]
    for letter in [*letters, *letters]:
        newest.add(letter)
    expected = sorted(letters, key=lambda letter: (letter.received_us, letter.letter_id), reverse=True)
    assert newest.sorted() == expected[:limit]
