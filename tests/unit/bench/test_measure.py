"""The arithmetic between two looks at the clocks."""

import pytest
from msgspec.structs import replace

from bench.measure import Run, Sample, run_between, summary

_BEFORE = Sample(
    wall_s=100.0, cpu_s=1.0, children_s=0.0, servers_s={"kafka": 7.0}, total_s=200.0, busy_s=50.0, steal_s=5.0
)
_AFTER = Sample(
    wall_s=110.0, cpu_s=4.0, children_s=1.0, servers_s={"kafka": 9.0}, total_s=220.0, busy_s=58.0, steal_s=6.0
)


def run(scenario: str, cpu_s: float) -> Run:
    return Run(scenario, 1_000_000, 50.0, cpu_s, 0.0, 0.0)


def test_rate_and_processor_time_are_those_between_the_samples() -> None:
    run = run_between("a", 100_000, _BEFORE, _AFTER)

    assert (run.rate, run.cpu_us) == (10_000.0, 30.0)


def test_time_spent_to_see_that_nothing_more_came_does_not_count() -> None:
    assert run_between("a", 100_000, _BEFORE, _AFTER, idle_s=2.0).wall_s == 8.0


def test_servers_and_generator_are_told_apart_from_us() -> None:
    assert run_between("a", 100_000, _BEFORE, _AFTER).beside_us == {"kafka": 20.0, "generator": 10.0}


def test_where_no_process_was_started_there_is_no_generator() -> None:
    assert "generator" not in run_between("a", 1, _BEFORE, replace(_AFTER, children_s=0.0)).beside_us


def test_steal_is_a_share_of_all_processor_time() -> None:
    assert run_between("a", 1, _BEFORE, _AFTER).steal == pytest.approx(1 / 20)


def test_others_are_what_was_busy_and_neither_we_nor_ours() -> None:
    busy, ours, generator, kafka = 8, 3, 1, 2

    assert run_between("a", 1, _BEFORE, _AFTER).others == pytest.approx((busy - ours - generator - kafka) / 20)


def test_others_are_never_less_than_nothing() -> None:
    assert run_between("a", 1, _BEFORE, replace(_AFTER, busy_s=51.0)).others == 0.0


def test_a_line_says_what_is_missing() -> None:
    line = replace(run("a", 30.0), mistakes=["readings: 2 of 3"], note="cold").line()

    assert line.endswith("cold; readings: 2 of 3")


def test_the_summary_has_all_runs_of_a_scenario_and_their_median() -> None:
    lines = summary([run("a", 30.0), run("b", 7.0), run("a", 10.0), run("a", 20.0)])

    assert [line.split("CPU µs: ")[1].split(";")[0] for line in lines] == ["20.0 (30.0, 10.0, 20.0)", "7.0 (7.0)"]
