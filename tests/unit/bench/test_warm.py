"""When a node counts as warm."""

from bench.warm import is_warm


def test_a_node_whose_compiler_is_at_work_is_not_warm() -> None:
    assert not is_warm([])
    assert not is_warm([0.05])
    assert not is_warm([0.5, 0.4, 0.3])


def test_one_quiet_round_is_no_sign() -> None:
    assert not is_warm([0.5, 0.05])
    assert not is_warm([0.5, 0.05, 0.2])


def test_with_a_compiler_that_had_little_to_do_twice_it_is_warm() -> None:
    assert is_warm([0.5, 0.3, 0.1, 0.08])
