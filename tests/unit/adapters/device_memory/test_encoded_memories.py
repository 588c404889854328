"""What is remembered of devices stays encoded until it is asked for."""

import pytest

from adapters.device_memory.encoded_memories import EncodedMemories
from adapters.device_memory.record import encode
from application.processing.frame_totals import totalled
from domain.device import DeviceMemory
from tests.contract.stream import a_stream, expected

MEMORIES: dict[str, DeviceMemory] = expected(a_stream(300))[1]
RECORDS = {dev_eui: encode(memory) for dev_eui, memory in MEMORIES.items()}
SOME, *_ = MEMORIES


@pytest.fixture
def memories() -> EncodedMemories:
    return EncodedMemories(dict(RECORDS))


def test_it_reads_like_a_mapping_of_memories(memories: EncodedMemories) -> None:
    assert memories == MEMORIES
    assert (len(memories), set(memories)) == (len(MEMORIES), set(MEMORIES))
    assert SOME in memories


def test_a_device_never_heard_is_not_known(memories: EncodedMemories) -> None:
    assert memories.get("ff") is None
    assert "ff" not in memories
    assert memories.offset("ff") == -1
    with pytest.raises(KeyError):
        memories["ff"]


def test_a_device_asked_for_twice_is_the_same_object(memories: EncodedMemories) -> None:
    """The step tells by the identity of an account whether it changed."""
    assert memories.get(SOME) is memories.get(SOME)


def test_what_is_put_is_remembered(memories: EncodedMemories) -> None:
    stale = memories.get(SOME)
    (_, newer), *_ = expected(a_stream(400))[1].items()
    memories.put({SOME: encode(newer)})
    assert memories.get(SOME) == newer != stale
    assert memories.record(SOME) == encode(newer)
    assert memories.offset(SOME) == newer.offset


def test_nothing_decoded_is_kept_beyond_the_next_put(memories: EncodedMemories) -> None:
    before = memories.get(SOME)
    memories.put({})
    assert memories.get(SOME) is not before
    assert memories.get(SOME) == before


def test_frames_are_added_up_as_if_all_had_been_read(memories: EncodedMemories) -> None:
    whole = totalled([dict(memories)])
    assert whole.received > 0
    assert totalled([memories]) == whole
