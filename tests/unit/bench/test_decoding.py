"""What decoding costs: taking turns, and the line that is printed."""

from bench.decoding import envelopes, frames, interleaved, line, note
from domain.decoding import CODECS


def test_all_take_turns_and_the_first_round_does_not_count() -> None:
    said: list[str] = []
    times = interleaved({"a": lambda: said.append("a"), "b": lambda: said.append("b")}, 2, calls=2)
    assert "".join(said) == "aabb" * 3
    assert {name: len(each) for name, each in times.items()} == {"a": 2, "b": 2}


def test_every_codec_has_a_frame_that_it_reads() -> None:
    for once in frames(tuple(CODECS)).values():
        assert once()


def test_envelopes_are_read() -> None:
    assert all(once() for once in envelopes().values())


def test_a_line_has_the_median_of_all_rounds() -> None:
    assert line("a", [1.0, 9.0, 2.0], "") == f"{'a':<28}    2.00 µs  (1.00 to 9.00)"


def test_what_costs_too_much_is_told() -> None:
    assert note("bosch_tps110", [4.9]) == "1 bytes, 1 readings of 1 instants"
    assert note("bosch_tps110", [5.0]).endswith("; above 5 µs")
