"""The comparison with Kafka Streams: ratios of runs, and what is rebuilt when."""

from pathlib import Path

from bench.measure import Run
from bench.yardstick import OURS, VARIANTS, ratios
from bench.yardstick_build import SOURCES, fingerprint

_THEIRS = VARIANTS["memory"]


def run(scenario: str, cpu_us: float) -> Run:
    return Run(scenario, 1_000_000, 50.0, cpu_us, 0.0, 0.0)


def test_the_ratio_is_the_median_of_the_pairs_and_all_pairs_are_told() -> None:
    runs = [
        run(OURS, 20.0),
        run(_THEIRS, 30.0),
        run(OURS, 20.0),
        run(_THEIRS, 10.0),
        run(OURS, 20.0),
        run(_THEIRS, 40.0),
    ]

    [line] = ratios(runs)

    assert line.split(_THEIRS)[1].split() == ["1.50", ":", "1", "(1.50,", "0.50,", "2.00)"]


def test_without_a_run_of_kafka_streams_there_is_no_ratio() -> None:
    assert ratios([run(OURS, 20.0), run("sink to Cassandra", 20.0)]) == []


def test_a_changed_source_is_built_anew(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "pom.xml").write_text("<project/>")
    (tmp_path / "src" / "A.java").write_text("class A {}")
    before = fingerprint(tmp_path)
    (tmp_path / "src" / "A.java").write_text("class A { int a; }")

    assert fingerprint(tmp_path) != before


def test_every_variant_has_a_name_in_the_application() -> None:
    source = next(SOURCES.rglob("Variant.java")).read_text(encoding="utf-8")

    assert [name for name in VARIANTS if f"{name.upper().replace('-', '_')}" not in source] == []
