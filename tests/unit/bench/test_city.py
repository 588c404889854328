"""The input of a run."""

from pathlib import Path

import pytest

from bench import messages
from bench.city import Input, prepare


@pytest.fixture
def given(tmp_path: Path) -> Input:
    return prepare(tmp_path, devices=20, uplinks=100, batch=7, tenant="bench")


def test_after_the_first_lot_every_device_has_joined_and_spoken(given: Input) -> None:
    topics = [uplink.topic for batch in messages.read(given.first.path) for uplink in batch]

    assert len({topic for topic in topics if topic.endswith("/join")}) == 20
    assert len({topic for topic in topics if topic.endswith("/up")}) == 20
    assert len(topics) == given.first.messages


def test_the_second_lot_has_as_many_messages_as_asked_for(given: Input) -> None:
    sizes = [len(batch) for batch in messages.read(given.known.path)]

    assert sizes == [7] * 14 + [2]
    assert given.known.messages == 100


def test_what_must_be_stored_is_counted_over_both(given: Input) -> None:
    frames = given.first.messages + given.known.messages - 20  # a join is no frame

    assert 0 < given.expected.received + given.expected.duplicate <= frames
    assert given.expected.readings >= given.expected.observations > 0


def test_the_same_city_says_the_same_again(given: Input, tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    again = prepare(tmp_path / "again", devices=20, uplinks=100, batch=50, tenant="bench")

    def bodies(of: Input) -> list[bytes]:
        return [uplink.body for batch in messages.read(of.known.path) for uplink in batch]

    assert bodies(again) == bodies(given)
    assert again.expected == given.expected


async def test_a_source_hands_over_all_of_a_file_and_ends(given: Input) -> None:
    source = messages.FileSource(given.known.path)
    came = 0
    while (delivery := await source.receive()) is not None:
        came += len(delivery.uplinks)

    assert came == 100
