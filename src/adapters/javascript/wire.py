"""What the platform and its worker process say to each other: MessagePack, each message behind its length.

The worker's answers are read as values of fixed types and nothing else, so whatever it writes can do no harm.
"""

from typing import BinaryIO

import msgspec
from msgspec import Struct

from domain.decoding import Decoded

LENGTH_BYTES = 4
_LONGEST = 64 * 2**20
"""Some hundred payloads with their results take 1 MB at most; a length beyond this is garbage."""


SUSPENDED = "its script takes too much processor time, or ends its worker too often: look into its other dead letters"


class Garbled(Exception):
    """What came is no message."""


class Hello(Struct, frozen=True, tag="hello"):
    """The worker is ready."""


class Load(Struct, frozen=True, tag="load"):
    """Read a codec; asked once, before the first of its payloads."""

    codec: str
    script: str
    variables: dict[str, str]
    mapping: str = ""
    """TOML; empty: nothing is made of ``data``."""


class Loaded(Struct, frozen=True, tag="loaded"):
    """The codec was read."""

    mistake: str = ""
    """Why not."""


class Asked(Struct, frozen=True, gc=False, array_like=True):
    """One payload."""

    data: bytes
    f_port: int
    network_ns: int
    variables: dict[str, str] | None = None
    """Of the device, over those of the codec."""


class Ask(Struct, frozen=True, tag="ask"):
    """Decode payloads of one codec."""

    codec: str
    payloads: list[Asked]
    allowed_s: float
    """Processor time for all of them; what comes after has little time each."""
    overdraft_s: float = 0.0
    """How much more it may be then; what comes after that is not decoded."""
    shown: bool = False
    """Return ``data`` as well, for people who try a codec."""


class Answer(Struct, frozen=True, gc=False, array_like=True):
    """What became of one payload."""

    decoded: Decoded | None
    code: str = ""
    """Why there is nothing."""
    detail: str = ""
    json: str = ""
    """``data``, ``warnings`` and ``normalized`` as the script gave them, where they were asked for."""


class Answers(Struct, frozen=True, tag="answers"):
    """As many as were asked, in their order."""

    answers: list[Answer]
    spent_s: float
    """Processor time they took."""


Question = Load | Ask
Reply = Hello | Loaded | Answers

_ENCODER = msgspec.msgpack.Encoder()
_QUESTION: msgspec.msgpack.Decoder[Question] = msgspec.msgpack.Decoder(Question)
_REPLY: msgspec.msgpack.Decoder[Reply] = msgspec.msgpack.Decoder(Reply)


def written(message: Question | Reply) -> bytes:
    """Return ``message`` as it goes over a pipe."""
    body = _ENCODER.encode(message)
    return len(body).to_bytes(LENGTH_BYTES, "big") + body


def length_of(head: bytes) -> int:
    """Return the length of the message behind ``head``.

    Raises:
        Garbled: there is no such message.
    """
    length = int.from_bytes(head, "big")
    if length > _LONGEST:
        raise Garbled(f"a message of {length} bytes")
    return length


def read_reply(body: bytes) -> Reply:
    """Return what the worker said.

    Raises:
        Garbled: it is no message.
    """
    try:
        return _REPLY.decode(body)
    except msgspec.MsgspecError as error:
        raise Garbled(str(error)) from error


def read_question(pipe: BinaryIO) -> Question | None:
    """Wait for a question; None: the platform has ended, however."""
    head = pipe.read(LENGTH_BYTES)
    if len(head) < LENGTH_BYTES:
        return None
    length = length_of(head)
    body = pipe.read(length)
    return _QUESTION.decode(body) if len(body) == length else None
