"""Dead letters as text; what a stranger sent reaches the terminal as text only, never as a command to it."""

from collections.abc import Iterator

from application.ports.dead_letters import DeadLetter
from domain.rfc3339 import format_rfc3339

_LINE = 32
"""Bytes a line of a dump."""


def letter_row(letter: DeadLetter) -> str:
    """Return a letter in one line: when, id, device, and what is wrong."""
    received = format_rfc3339(letter.received_us * 1_000)[:19]
    return f"{received}  {letter.letter_id:<38}  {letter.dev_eui or '-':<16}  {_plain(letter.detail)}"


def letter_lines(letter: DeadLetter) -> Iterator[str]:
    """Yield a letter whole: reason, stage, origin, then payload and message byte by byte."""
    facts = {
        "letter": letter.letter_id,
        "reason": letter.reason,
        "detail": letter.detail,
        "stage": letter.stage,
        "origin": letter.origin,
        "source": letter.source,
        "topic": letter.topic,
        "received": format_rfc3339(letter.received_us * 1_000),
        "device": letter.dev_eui,
        "device type": letter.device_type,
        "decoder": letter.decoder,
    }
    yield from (f"{name:<12} {_plain(value)}" for name, value in facts.items() if value)
    if letter.payload:
        yield f"{'payload':<12} {letter.payload.hex()}"
    yield f"{'message':<12} {len(letter.body)} bytes"
    yield from _dump(letter.body)


def _dump(body: bytes) -> Iterator[str]:
    for start in range(0, len(body), _LINE):
        part = body[start : start + _LINE]
        text = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in part)  # noqa: PLR2004  printable ASCII
        yield f"  {start:06x}  {part.hex():<{2 * _LINE}}  {text}"


def _plain(text: str) -> str:
    return "".join(each if each.isprintable() else "�" for each in text)
