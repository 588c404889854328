"""Nodes that acknowledge what they may forget are spoken of, where nobody else has it."""

import logging

import pytest
from cassandra import Unauthorized

from adapters.cassandra.durability import copies, warn_of_the_only_copy

ONE = {"class": "org.apache.cassandra.locator.NetworkTopologyStrategy", "dc1": "1"}
THREE = {**ONE, "dc1": "3"}


class Answer:
    """A result of one row, or none."""

    def __init__(self, *row: object) -> None:
        self._row = row or None

    def one(self) -> tuple[object, ...] | None:
        return self._row


class Node:
    """Tells how it flushes and how many copies there are."""

    def __init__(self, sync: str, replication: dict[str, str]) -> None:
        self._answers = {"system_views": Answer(sync), "system_schema": Answer(replication)}

    def execute(self, asked: str, values: tuple[str, ...] = ()) -> Answer:
        return next(answer for name, answer in self._answers.items() if name in asked)


class SilentNode:
    """May not be asked."""

    def execute(self, asked: str, values: tuple[str, ...] = ()) -> Answer:
        raise Unauthorized("no SELECT")


@pytest.mark.parametrize(
    "node, warned",
    [
        (Node("periodic", ONE), True),
        (Node("batch", ONE), False),
        (Node("group", ONE), False),
        (Node("periodic", THREE), False),
        (SilentNode(), False),
    ],
)
def test_only_one_copy_on_a_node_that_flushes_late_is_spoken_of(
    node: Node | SilentNode, warned: bool, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        warn_of_the_only_copy(node, "stadtfunk")
    assert ("commitlog_sync: batch" in caplog.text) is warned


def test_copies_are_those_of_the_data_centre_that_has_most() -> None:
    assert copies({"class": "NetworkTopologyStrategy", "ulm": "3", "neu-ulm": "1"}) == 3
    assert copies({"class": "LocalStrategy"}) == 0
