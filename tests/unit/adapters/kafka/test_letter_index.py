"""Which letters wait, and where they stand: newest first, each once, and of no size that matters."""

import subprocess
import sys

from msgspec.structs import replace

from adapters.kafka.letter_index import LetterIndex
from tests.contract.dead_letters import settled
from tests.support.builders import a_dead_letter

_ON_A_SMALL_DISK = """
import resource
from msgspec.structs import replace
from adapters.kafka.letter_index import LetterIndex
from application.errors import Unavailable
from tests.support.builders import a_dead_letter

resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, 4_096))
letter = a_dead_letter()
with LetterIndex() as index:
    try:
        for number in range(200_000):
            index.take(replace(letter, letter_id=f"{number:0100d}"), (0, number), 1)
    except Unavailable as error:
        print(error)
"""


def test_those_that_wait_come_newest_first_and_once() -> None:
    with LetterIndex() as index:
        for offset, (letter_id, received_us) in enumerate([("a", 1), ("b", 3), ("c", 2), ("b", 3)]):
            letter = replace(a_dead_letter(), letter_id=letter_id, received_us=received_us)
            index.take(letter, (7, offset), 100)
        assert list(index.newest_first()) == [[(7, 1), (7, 2), (7, 0)]]


def test_one_that_is_settled_waits_no_more_whichever_record_comes_first() -> None:
    with LetterIndex() as index:
        for letter_id in ("before", "after"):
            if letter_id == "before":
                index.take(settled(letter_id), (0, 0), 1)
            index.take(replace(a_dead_letter(), letter_id=letter_id), (0, 1), 1)
            if letter_id == "after":
                index.take(settled(letter_id), (0, 2), 1)
        assert list(index.newest_first()) == []


def test_no_more_are_held_at_once_than_their_bytes_allow() -> None:
    with LetterIndex() as index:
        for offset in range(3):
            letter = replace(a_dead_letter(), letter_id=str(offset), received_us=offset)
            index.take(letter, (0, offset), 10_000_000)
        assert [len(places) for places in index.newest_first()] == [1, 1, 1]


def test_a_disk_without_room_is_said_with_what_to_do() -> None:
    said = subprocess.run([sys.executable, "-c", _ON_A_SMALL_DISK], capture_output=True, text=True, check=True).stdout
    assert said.startswith("what is noted of dead letters finds no room where temporary files are: ")
    assert said.endswith("make room, or name another folder in SQLITE_TMPDIR\n")
