"""Why a restore takes the greatest position, why compaction waits, and why the owner repairs: each alone is not enough.

Histories with kills between any two writes, one paused owner at a time that goes on when another has taken over, and
compaction; in the end memory and rows are compared with the truth.
"""

import pytest

from tests.unit.adapters.kafka.changelog_model import Rules, Run

_RUNS = 400


def wrong(rules: Rules, runs: int = _RUNS) -> int:
    """Return how many histories end with a memory or rows that are not the truth."""
    return sum(Run(rules, seed).is_wrong() for seed in range(runs))


def test_greatest_position_and_waiting_and_repair_are_never_wrong() -> None:
    assert wrong(Rules(), 3 * _RUNS) == 0


@pytest.mark.parametrize(
    "rules",
    [
        pytest.param(Rules(greatest=False, repair=False), id="the last record counts"),
        pytest.param(Rules(lag=False, repair=False), id="the greatest position counts"),
        pytest.param(Rules(repair=False), id="compaction waits, nobody repairs"),
        pytest.param(Rules(lag=False), id="the owner repairs, compaction does not wait"),
    ],
)
def test_every_weaker_rule_is_wrong_at_times(rules: Rules) -> None:
    assert wrong(rules) > 0
