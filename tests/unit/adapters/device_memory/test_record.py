"""What is remembered of a device survives its record, whole."""

from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import asdict

from adapters.device_memory.encoded_memories import EncodedMemories
from adapters.device_memory.record import decode, encode, offset_of
from application.errors import WrongShape
from application.processing.outcome import Outcome
from domain.device import Device, DeviceMemory
from domain.radio import FrameAccount
from tests.contract.stream import STEP, a_stream, batch_of, expected
from tests.support.builders import DEV
from tests.unit.adapters.device_memory.before import version_3, version_4

Writer = Callable[[DeviceMemory], bytes]

STREAM = a_stream(300)
MEMORIES = list(expected(STREAM)[1].values())
SPOT = DeviceMemory(
    7,
    Device(DEV, 5, "spot", "city", "app", "spot-1", 3, {"firmware": "1.0"}),
    {"city": FrameAccount()},
    latest=(
        ("parking.occupied", "", 20, True, 0, "measured"),
        ("electricity.energy.active.import", "t1", 20, 4711, -4, "implausible"),
    ),
    last_seen_ns=21,
    written_us=22,
)
SPOT_3 = (
    "03970788a76465765f657569b030303365393463366164373266313239aa7772697474656e5f757305ab6465766963655f74797065a473706f74"
    "a6736f75726365a463697479ae6170706c69636174696f6e5f6964a3617070a96465766963655f6964a673706f742d31ad726567697374657265"
    "645f757303aa6174747269627574657381a86669726d77617265a3312e3081a4636974799c90909b0000000000000000000000009b0000000000"
    "000000000000c40000c40000c400c4009092908082b17061726b696e672e6f636375706965642f84a96d6561737572616e64b07061726b696e67"
    "2e6f63637570696564a76368616e6e656ca0a86576656e745f6e7314a576616c7565c3d923656c6563747269636974792e656e657267792e6163"
    "746976652e696d706f72742f743186a96d6561737572616e64d920656c6563747269636974792e656e657267792e6163746976652e696d706f72"
    "74a76368616e6e656ca27431a86576656e745f6e7314a576616c7565cd1267a86578706f6e656e74fca77175616c697479ab696d706c61757369"
    "626c651516"
)
SPOT_4 = (
    "04970798b03030336539346336616437326631323905a473706f74a463697479a3617070a673706f742d310381a86669726d77617265a3312e30"
    "81a4636974799c90909b0000000000000000000000009b0000000000000000000000c40000c40000c400c400909290809296b07061726b696e67"
    "2e6f63637570696564a014c300a86d6561737572656496d920656c6563747269636974792e656e657267792e6163746976652e696d706f7274a2"
    "743114cd1267fcab696d706c61757369626c651516"
)


def came_out(outcome: Outcome) -> dict[str, object]:
    """Return all that is durable."""
    return {field: value for field, value in asdict(outcome).items() if field != "counts"}


def test_every_field_comes_back() -> None:
    assert MEMORIES
    for memory in MEMORIES:
        assert decode(encode(memory)) == memory


def test_the_position_is_read_without_the_rest() -> None:
    assert [offset_of(encode(memory)) for memory in MEMORIES] == [memory.offset for memory in MEMORIES]


def test_a_device_never_heard_has_a_position_below_all() -> None:
    assert offset_of(encode(DeviceMemory(-1, Device(DEV, 0)))) == -1


def test_a_record_begins_with_its_version() -> None:
    assert encode(MEMORIES[0])[0] == 4


def test_a_record_names_no_fields() -> None:
    assert b"measurand" not in encode(MEMORIES[0])


@pytest.mark.parametrize("written", [version_3, version_4])
def test_records_of_programs_before_are_read_as_if_they_were_written_now(written: Writer) -> None:
    for memory in MEMORIES:
        before = written(memory)
        assert (decode(before), offset_of(before)) == (memory, memory.offset)


@pytest.mark.parametrize("record", [SPOT_3, SPOT_4])
def test_records_that_programs_before_wrote_are_read(record: str) -> None:
    assert decode(bytes.fromhex(record)) == SPOT


@given(st.integers(0, len(STREAM)), st.sampled_from([version_3, version_4]))
@settings(max_examples=20)
def test_a_step_over_old_records_has_the_outcome_of_one_over_new_ones(cut: int, written: Writer) -> None:
    remembered = expected(STREAM[:cut])[1]
    batch = batch_of(STREAM, cut, len(STREAM))
    old = {dev_eui: written(memory) for dev_eui, memory in remembered.items()}
    new = {dev_eui: encode(memory) for dev_eui, memory in remembered.items()}
    over_old, over_new = (came_out(STEP.process(batch, EncodedMemories(records))) for records in (old, new))
    assert over_old == over_new == came_out(STEP.process(batch, remembered))


@pytest.mark.parametrize("read", [decode, offset_of])
def test_a_newer_version_is_refused_and_named(read: object) -> None:
    newer = b"\x05" + encode(MEMORIES[0])[1:]
    with pytest.raises(WrongShape, match="version 5, and this program knows 3 and 4"):
        read(newer)  # type: ignore[operator]  # both are functions of bytes


@pytest.mark.parametrize("value", [b"", b"\x04", b"\x04\xc1", b"\x04" + msgspec.msgpack.encode(["a"]), b"{}"])
def test_what_is_no_memory_is_refused(value: bytes) -> None:
    with pytest.raises(WrongShape):
        offset_of(value)
    with pytest.raises(WrongShape):
        decode(value)
