"""What stands beside what in the comparison with Kafka Streams, and what came of it.

A pair is of equal work only where both write as much; so each has its own partners, and they lie close together within
a round.
"""

from collections.abc import Iterator, Sequence
from statistics import median

from msgspec import Struct

from bench.measure import Run, per_uplink


class Variant(Struct, frozen=True):
    """One way to write the process stage."""

    scenario: str
    """What its runs are called."""
    name: str
    """What it is called in the application's own settings (bench/streams); empty: it is ours."""
    radio: bool
    """Whether it writes radio metadata."""
    days: bool
    """Whether it writes loss days."""


OURS = Variant("process stage, ours", "", radio=True, days=True)
OURS_WITHOUT_RADIO = Variant("process stage, ours, without radio", "", radio=False, days=True)
MEMORY_ALL = Variant("Streams, as ours, fast parser", "memory-all", radio=True, days=True)
DATABIND_ALL = Variant("Streams, as ours, Jackson databind", "databind-all", radio=True, days=True)
ROCKSDB_ALL = Variant("Streams, as ours, RocksDB", "rocksdb-all", radio=True, days=True)
MEMORY = Variant("Streams, in memory, fast parser", "memory", radio=False, days=False)
DATABIND = Variant("Streams, in memory, Jackson databind", "databind", radio=False, days=False)
ROCKSDB = Variant("Streams, RocksDB, fast parser", "rocksdb", radio=False, days=False)

_ROUND = (DATABIND_ALL, OURS, MEMORY_ALL, ROCKSDB_ALL, ROCKSDB, MEMORY, OURS_WITHOUT_RADIO, DATABIND)
"""Each of ours amid those it is compared with: at most one run lies between the two of a pair."""
_ONLY_IF_ASKED_FOR = (ROCKSDB, DATABIND)
"""Of less work than either of ours, as MEMORY is, which stands for them: with them a round takes a third longer."""
_COMPARED = (
    ("equal work: both write radio metadata and loss days too", OURS, (MEMORY_ALL, DATABIND_ALL, ROCKSDB_ALL)),
    (
        "ours without radio metadata, but with loss days, which theirs lack",
        OURS_WITHOUT_RADIO,
        (MEMORY, DATABIND, ROCKSDB),
    ),
    ("unequal work: theirs without radio metadata and loss days", OURS, (MEMORY, DATABIND, ROCKSDB)),
)
"""What is said above the ratios; ours; theirs."""


def in_round(number: int, *, every: bool = True) -> Sequence[Variant]:
    """Return the variants in the order of a round, every other time from the last to the first.

    A broker and a machine that get warmer or busier favour neither side so.
    """
    chosen = [each for each in _ROUND if every or each not in _ONLY_IF_ASKED_FOR]
    return chosen[::-1] if number % 2 else chosen


def warm_us(run: Run) -> float:
    """Return the CPU µs per uplink without what the JVM's compiler took.

    That is about what a run costs once all is compiled: over 500,000 uplinks the rest was 35 µs at first, 35 to 39 amid
    and 34 at last, while the compiler's share fell from 46 % to 6 and came to 20 again.
    """
    return per_uplink(run.cpu_s - run.compiler_s, run.uplinks)


def ratios(runs: Sequence[Run]) -> list[str]:
    """Return how many uplinks ours does in the processor time in which each of the others does one, run by run.

    As it was measured, and as if the JVM had been warm.
    """
    lines: list[str] = []
    for title, ours, theirs in _COMPARED:
        found = [line for each in theirs for line in _ratio(runs, ours, each)]
        if found:
            lines += [f"uplinks per CPU second, {title}", *found]
    return lines


def _ratio(runs: Sequence[Run], ours: Variant, theirs: Variant) -> Iterator[str]:
    pairs = [pair for pair in zip(_of(runs, ours), _of(runs, theirs), strict=False) if pair[0].cpu_us]
    if pairs:
        counted = _told([other.cpu_us / own.cpu_us for own, other in pairs])
        warm = _told([warm_us(other) / own.cpu_us for own, other in pairs])
        yield f"  {ours.scenario} : {theirs.scenario:<36} {counted};  as if warm {warm}"


def _of(runs: Sequence[Run], variant: Variant) -> list[Run]:
    return [run for run in runs if run.scenario == variant.scenario]


def _told(ratios: Sequence[float]) -> str:
    each = ", ".join(f"{ratio:.2f}" for ratio in ratios)
    return f"{median(ratios):.2f} : 1  ({each})"
