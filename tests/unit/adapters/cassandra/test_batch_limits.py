"""What nodes say of batches, as limits."""

from collections.abc import Mapping, Sequence

import pytest
from cassandra import OperationTimedOut, Unauthorized

from adapters.cassandra.batch_limits import LARGEST, BatchLimits, limits_of

AS_IT_COMES = {"batch_size_warn_threshold": "5KiB", "unlogged_batch_across_partitions_warn_threshold": "10"}
RAISED = {"batch_size_warn_threshold": "64KiB", "unlogged_batch_across_partitions_warn_threshold": "100"}


class Nodes:
    """A session with nodes that tell of themselves; None: one that refuses to; nothing: one that stands still."""

    def __init__(self, *told: Mapping[str, str] | None) -> None:
        self._told = dict(enumerate(told))

    def get_pool_state(self) -> Mapping[int, object]:
        """Return the nodes."""
        return self._told

    def execute(self, _: str, host: int) -> Sequence[tuple[str, str]]:
        """Return what a node tells."""
        told = self._told[host]
        if told is None:
            raise Unauthorized("no")
        if not told:
            raise OperationTimedOut
        return list(told.items())


def limits(*told: Mapping[str, str] | None) -> BatchLimits:
    """Return the limits for nodes."""
    return limits_of(Nodes(*told))


def test_a_node_as_it_comes_gets_small_batches() -> None:
    assert limits(AS_IT_COMES) == BatchLimits()


def test_nodes_that_were_told_to_take_large_ones_get_them() -> None:
    assert limits(RAISED, RAISED) == LARGEST


def test_no_batch_is_larger_than_any_node_takes() -> None:
    assert limits(RAISED, AS_IT_COMES) == BatchLimits()
    few = RAISED | {"unlogged_batch_across_partitions_warn_threshold": "20"}
    small = RAISED | {"batch_size_warn_threshold": "16KiB"}
    assert limits(few, small).partitions == 20
    assert limits(few, small).size == 15_564


def test_there_is_a_largest_batch_whatever_nodes_take() -> None:
    huge = {"batch_size_warn_threshold": "4MiB", "unlogged_batch_across_partitions_warn_threshold": "9999"}
    assert limits(huge) == LARGEST


@pytest.mark.parametrize("told", [None, {}, {"a": "b"}, RAISED | {"batch_size_warn_threshold": "much"}])
def test_a_node_that_does_not_tell_is_taken_to_be_as_it_comes(told: Mapping[str, str] | None) -> None:
    assert limits(told, RAISED) == BatchLimits()


def test_without_nodes_batches_are_small() -> None:
    assert limits() == BatchLimits()
