"""The pure step, called directly: what a test of a whole stream needs."""

from collections.abc import Sequence

from application.processing.batch import Batch
from application.processing.outcome import Outcome
from application.processing.step import Step
from domain.decoding import Choice, Codec, Context, Decoded, Decoders, Fragment, Notice, Payload, Snapshot, Undecodable
from domain.device import DeviceMemory, DeviceTypeRule, DeviceTypes
from domain.observation import Reading
from domain.radio import Message
from tests.support.builders import a_raw_uplink

TYPES = DeviceTypes({"test/spot": "spot"}, (DeviceTypeRule("spot", device_id="spot-*"),))


def decode_spot(payload: Payload, context: Context) -> Decoded:
    """Read one byte: 0 free, 1 occupied, 2 reports a serial, 3 and 4 are two pieces; all else is no payload."""
    code = payload.data[0]
    if code < 2:
        return Decoded((Snapshot((Reading("parking.occupied", "", bool(code)),)),), context=context)
    if code == 2:
        return Decoded(attributes={"serial": "4711"}, notices=(Notice("serial_reported"),), context=context)
    if code == 3:
        waiting = Fragment("1", 0, 2, payload.network_ns, payload.data)
        return Decoded(context=Context((waiting,)), expired=context.fragments)
    if code == 4:
        found = Reading("parking.occupied", "", bool(context.fragments))
        return Decoded((Snapshot((found,)),))
    if code == 255:
        raise ZeroDivisionError
    raise Undecodable("byte_unknown", f"byte {code}: 0 to 4 expected")


SPOTS = Decoders({"spot": [Choice(Codec("test_spot", 1, decode_spot))]})
STEP = Step(TYPES, SPOTS)


def stepped(
    messages: Sequence[Message], memory: dict[str, DeviceMemory] | None = None, *, first: int = 0, step: Step = STEP
) -> Outcome:
    """Return what the step makes of ``messages``, which stand in the log from offset ``first`` on."""
    raws = [a_raw_uplink(received_us=getattr(message, "network_ns", 0) // 1_000 + 1) for message in messages]
    offsets = range(first, first + len(messages))
    return step.process(Batch(0, offsets, raws, messages), memory or {})
