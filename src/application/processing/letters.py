"""Dead letters of the step: which message could not be used, why, and where it stands in the log."""

from hashlib import blake2b

from msgspec import Struct

from application.ports.dead_letters import DeadLetter
from application.ports.uplink_log import RawUplink
from application.processing.payload_reading import Rejected
from domain.device import LatestRows
from domain.observation import DataClass, data_class_of

_STAGE = "process"
_OF_ITSELF = "device."
"""What a device tells of itself, such as its battery, says nothing of what else it sends."""
_STRICTEST_FIRST = (DataClass.METER_PERSONAL, DataClass.LOCATION, DataClass.OCCUPANCY, DataClass.INFRASTRUCTURE)
_WITHHELD = "; message and payload are withheld, for keys may be in them: they stand in the log at the origin"


class Sender(Struct, frozen=True, gc=False):
    """What is known of the device whose message it is."""

    dev_eui: str = ""
    device_type: str = ""
    data_class: str = DataClass.METER_PERSONAL.value


def letter(
    partition: int, offset: int, raw: RawUplink, why: Rejected, sender: Sender, payload: bytes = b""
) -> DeadLetter:
    """Return the letter of a message; its id is the same however often a transport repeats the message.

    Where keys may be among the bytes (``why.concealed``) the letter keeps neither message nor payload: it names their
    place in the raw log, to which fewer have a right than to dead letters.
    """
    return DeadLetter(
        letter_id=f"{why.code}-{_digest(raw, why, payload)}",
        reason=why.code,
        stage=_STAGE,
        detail=why.detail + _WITHHELD if why.concealed else why.detail,
        origin=f"uplinks/{partition}@{offset}",
        source=raw.source,
        topic=raw.topic,
        received_us=raw.received_us,
        body=b"" if why.concealed else raw.body,
        dev_eui=sender.dev_eui,
        device_type=sender.device_type,
        decoder=why.decoder,
        payload=b"" if why.concealed else payload,
        data_class=sender.data_class,
    )


def held_class(latest: LatestRows, said: str) -> str:
    """Return whose business a message is that nobody can read: the strictest class of what its device said before.

    What a device never said may be anything, so without a word of it the strictest class is assumed.

    Args:
        latest: the newest readings of the device.
        said: the class that the registry gives it; empty: the catalogue's.
    """
    told = [measurand for measurand, *_ in latest if not measurand.startswith(_OF_ITSELF)]
    classes = {data_class_of(measurand, said) for measurand in told}
    return next((each for each in _STRICTEST_FIRST if each in classes), DataClass.METER_PERSONAL).value


def _digest(raw: RawUplink, why: Rejected, payload: bytes) -> str:
    """Return what tells one message from all others, and not from its own repeats.

    What is shown of it depends on what is known of its device, which may be more when it is processed again.
    """
    detail = why.undisclosed or why.detail
    return blake2b(b"\0".join((raw.topic.encode(), detail.encode(), payload, raw.body)), digest_size=8).hexdigest()
