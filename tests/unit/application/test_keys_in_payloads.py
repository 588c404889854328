"""Session keys that devices send: whatever becomes of their frame, nothing that comes out of the step has them."""

from base64 import b64encode

import msgspec
import pytest

from application.processing.batch import Batch
from application.processing.known_devices import KnownDevices
from application.processing.outcome import Outcome
from application.processing.step import Step
from domain.decoding import DECODERS
from domain.device import Device, DeviceEntry, DeviceMemory, DeviceTypes
from domain.identifiers import DevEui
from domain.radio import Message, Unreadable
from tests.support.builders import DEV, a_raw_uplink, an_uplink
from tests.support.keys import WITH_KEYS, forms_of_the_keys

_PORT = 50
_GOOD, _CUT, _RENAMED, _SHIFTED = WITH_KEYS, WITH_KEYS[:30], b"\x53" + WITH_KEYS[1:], WITH_KEYS[2:]
_LAMP, _SPOT, _MODULE = "nas_ul20xx", "bosch_tps110", "nas_um30xx"


def stepped(message: Message, device_type: str = "", firmware: str = "", *, heard: bool = True) -> Outcome:
    """Return what the step makes of ``message`` as a network server passed it on, payload and all."""
    payload = getattr(message, "payload", WITH_KEYS)
    raw = a_raw_uplink(b'{"frm_payload":"' + b64encode(payload) + b'"}')
    registry = KnownDevices([DeviceEntry(DevEui(DEV), 1, device_type=device_type, firmware=firmware)])
    step = Step(DeviceTypes({}), DECODERS, registry)
    memory: dict[str, DeviceMemory] = {}
    if heard:
        memory[DEV] = DeviceMemory(-1, Device(DevEui(DEV), 0, device_type))
    return step.process(Batch(0, [0], [raw], [message]), memory)


def shown_by(outcome: Outcome) -> str:
    """Return all that leaves the step, as topics and stores have it, as text and as the bytes in it."""
    parts = [
        *(outcome.observations, outcome.states, outcome.devices, outcome.connections, outcome.dead_letters),
        *(list(outcome.memory.values()), outcome.counts.notices),
    ]
    raw = b"".join(letter.body + letter.payload for letter in outcome.dead_letters)
    return f"{msgspec.json.encode(parts).decode()} {parts!r} {raw!r} {raw.hex()}"


def assert_no_key(text: str) -> None:
    """Refuse ``text`` if a key stands in it, in any form."""
    assert [form for form in forms_of_the_keys() if form in text] == []


@pytest.mark.parametrize("firmware", ["", "1.0.22", "1.1.4", "9.9"])
@pytest.mark.parametrize("payload", [_GOOD, _CUT, _RENAMED, _SHIFTED], ids=["good", "cut", "renamed", "shifted"])
def test_a_luminaires_frame_with_keys_is_shown_to_nobody(payload: bytes, firmware: str) -> None:
    assert_no_key(shown_by(stepped(an_uplink(0, payload=payload, f_port=_PORT), _LAMP, firmware)))


@pytest.mark.parametrize("device_type", ["", _SPOT, _MODULE, "never_heard_of"])
@pytest.mark.parametrize("payload", [_GOOD, _CUT], ids=["good", "cut"])
def test_neither_is_that_of_a_luminaire_that_is_taken_for_something_else(payload: bytes, device_type: str) -> None:
    assert_no_key(shown_by(stepped(an_uplink(0, payload=payload, f_port=_PORT), device_type)))


def test_the_good_frame_is_decoded_all_the_same() -> None:
    outcome = stepped(an_uplink(0, payload=_GOOD, f_port=_PORT), _LAMP)
    assert outcome.devices[-1].attributes == {"config.multicast.1.dev_addr": "11223344"}
    assert outcome.counts.notices == {"keys_withheld": 1}
    assert outcome.dead_letters == []


@pytest.mark.parametrize(
    "payload, reason",
    [(_CUT, "payload_too_short"), (_SHIFTED, "packet_type_unknown")],
    ids=["cut", "shifted"],
)
def test_the_bad_one_is_a_dead_letter_that_says_why_and_where_it_came_from(payload: bytes, reason: str) -> None:
    [letter] = stepped(an_uplink(0, payload=payload, f_port=_PORT), _LAMP).dead_letters
    assert (letter.reason, letter.origin, letter.dev_eui, letter.device_type) == (reason, "uplinks/0@0", DEV, _LAMP)
    assert (letter.body, letter.payload) == (b"", b"")
    assert "withheld" in letter.detail


@pytest.mark.parametrize("heard", [False, True])
def test_a_message_that_cannot_be_read_is_not_quoted_if_it_is_a_luminaires(heard: bool) -> None:
    spoilt = b64encode(WITH_KEYS).decode()[:-1] + "!"
    unreadable = Unreadable("envelope_unreadable", f'$.uplink_message.frm_payload is "{spoilt}": Invalid base64', DEV)
    [letter] = (outcome := stepped(unreadable, _LAMP, heard=heard)).dead_letters
    assert_no_key(shown_by(outcome))
    assert letter.reason == "envelope_unreadable"


def test_a_message_that_cannot_be_read_is_one_letter_though_its_sender_is_known_only_later() -> None:
    step = Step(DeviceTypes({"test/lamp": _LAMP}), DECODERS, KnownDevices())
    broken = Unreadable("envelope_unreadable", "$.uplink_message: Invalid base64", DEV)
    messages: list[Message] = [broken, an_uplink(0, payload=b"\x99", f_port=60, model="test/lamp")]
    batch = Batch(0, [0, 1], [a_raw_uplink(b"{"), a_raw_uplink(b"{}")], messages)
    first = step.process(batch, {})
    again = step.process(batch, first.memory)  # after a kill: the position is behind the memory
    assert again.dead_letters[0].body == b""
    assert [each.letter_id for each in again.dead_letters] == [first.dead_letters[0].letter_id]


def test_a_frame_without_keys_is_kept_whole() -> None:
    [letter] = stepped(an_uplink(0, payload=b"\x99", f_port=60), _LAMP).dead_letters
    assert letter.payload == b"\x99"
    assert letter.body
