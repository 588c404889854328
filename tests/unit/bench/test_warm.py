"""When a node counts as warm."""

from bench.warm import falls_no_more


def test_a_node_whose_rows_cost_less_each_time_is_not_warm() -> None:
    assert not falls_no_more([])
    assert not falls_no_more([900.0])
    assert not falls_no_more([900.0, 890.0, 880.0])
    assert not falls_no_more([900.0, 600.0, 500.0, 400.0])


def test_one_dear_round_is_no_sign() -> None:
    assert not falls_no_more([900.0, 500.0, 700.0, 800.0, 400.0])


def test_three_times_as_dear_as_before_it_is_warm() -> None:
    assert falls_no_more([900.0, 500.0, 490.0, 600.0, 480.0])
    assert falls_no_more([500.0, 510.0, 600.0, 490.0])
