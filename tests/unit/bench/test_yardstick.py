"""The comparison with Kafka Streams: ratios of runs, and what is rebuilt when."""

from pathlib import Path

from bench.measure import Run
from bench.yardstick_build import SOURCES, fingerprint
from bench.yardstick_variants import MEMORY, MEMORY_ALL, OURS, OURS_WITHOUT_RADIO, Variant, in_round, ratios


def run(variant: Variant, cpu_us: float) -> Run:
    return Run(variant.scenario, 1_000_000, 50.0, cpu_us, 0.0, 0.0)


def test_the_ratio_is_the_median_of_the_pairs_and_all_pairs_are_told() -> None:
    runs = [
        run(OURS, 20.0),
        run(MEMORY_ALL, 30.0),
        run(OURS, 20.0),
        run(MEMORY_ALL, 10.0),
        run(OURS, 20.0),
        run(MEMORY_ALL, 40.0),
    ]

    [_, line] = ratios(runs)

    counted, _, _ = line.partition(";")
    assert counted.split(MEMORY_ALL.scenario)[1].split() == ["1.50", ":", "1", "(1.50,", "0.50,", "2.00)"]


def test_what_writes_as_much_is_compared_first_and_what_writes_less_after_it_and_by_its_name() -> None:
    runs = [run(OURS, 20.0), run(MEMORY, 30.0), run(OURS_WITHOUT_RADIO, 10.0), run(MEMORY_ALL, 40.0)]

    told = [line for line in ratios(runs) if line.startswith("  ")]

    assert [line.split()[-4] for line in told] == ["2.00", "3.00", "1.50"]  # nothing was compiled
    assert [OURS_WITHOUT_RADIO.scenario in line for line in told] == [False, True, False]


def test_what_the_compiler_took_is_counted_and_then_left_out() -> None:
    theirs = run(MEMORY_ALL, 40.0)
    theirs.compiler_s = 30.0

    [_, line] = ratios([run(OURS, 20.0), theirs])

    assert line.split(MEMORY_ALL.scenario)[1].split(";") == [
        " " * 8 + "2.00 : 1  (2.00)",
        "  as if warm 0.50 : 1  (0.50)",
    ]


def test_without_a_run_of_kafka_streams_there_is_no_ratio() -> None:
    assert ratios([run(OURS, 20.0), Run("sink to Cassandra", 1_000_000, 50.0, 20.0, 0.0, 0.0)]) == []


def test_at_most_one_run_lies_between_the_two_of_a_pair() -> None:
    order = list(in_round(0))

    apart = [
        abs(order.index(ours) - order.index(each))
        for ours in (OURS, OURS_WITHOUT_RADIO)
        for each in order
        if each.name and each.radio == ours.radio
    ]

    assert sorted(apart) == [1, 1, 1, 1, 2, 2]


def test_by_default_both_of_ours_still_have_their_fastest_partner_beside_them() -> None:
    order = list(in_round(0, every=False))

    assert abs(order.index(OURS) - order.index(MEMORY_ALL)) == 1
    assert abs(order.index(OURS_WITHOUT_RADIO) - order.index(MEMORY)) == 1
    assert set(order) < set(in_round(0))


def test_every_other_round_runs_the_other_way() -> None:
    assert list(in_round(1)) == list(reversed(in_round(0))) == list(reversed(in_round(2)))


def test_a_changed_source_is_built_anew(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "pom.xml").write_text("<project/>")
    (tmp_path / "src" / "A.java").write_text("class A {}")
    before = fingerprint(tmp_path)
    (tmp_path / "src" / "A.java").write_text("class A { int a; }")

    assert fingerprint(tmp_path) != before


def test_every_variant_has_a_name_in_the_application() -> None:
    source = next(SOURCES.rglob("Variant.java")).read_text(encoding="utf-8")

    names = [each.name for each in in_round(0) if each.name]

    assert [name for name in names if f" {name.upper().replace('-', '_')}(" not in source] == []
