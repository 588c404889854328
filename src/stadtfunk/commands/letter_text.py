"""Dead letters as text; what a stranger sent reaches the terminal as text only, never as a command to it."""

from collections.abc import Iterator, Sequence

from rich.table import Table

from application.letter_groups import LetterGroup
from application.letter_replay import Receipt
from application.ports.dead_letters import DeadLetter
from domain.rfc3339 import format_rfc3339
from stadtfunk.tables import instant_text, table

_NS_PER_US = 1_000
_LINE = 32
"""Bytes a line of a dump."""


def letter_row(letter: DeadLetter) -> str:
    """Return a letter in one line: when, id, device, and what is wrong."""
    received = format_rfc3339(letter.received_us * 1_000)[:19]
    return f"{received}  {letter.letter_id:<38}  {letter.dev_eui or '-':<16}  {_plain(letter.detail)}"


def letter_lines(letter: DeadLetter, kept_until_us: int | None = None) -> Iterator[str]:
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
        "data class": letter.data_class,
    }
    if letter.settled is None and kept_until_us is not None:
        facts["kept until"] = format_rfc3339(kept_until_us * _NS_PER_US)
    if letter.settled is not None:
        facts[letter.settled.verdict] = settlement_text(letter)
    yield from (f"{name:<12} {_plain(value)}" for name, value in facts.items() if value)
    if letter.payload:
        yield f"{'payload':<12} {letter.payload.hex()}"
    yield f"{'message':<12} {len(letter.body)} bytes"
    yield from _dump(letter.body)


def settlement_text(letter: DeadLetter) -> str:
    """Return what became of a letter, and when; nothing for one that waits."""
    settled = letter.settled
    if settled is None:
        return ""
    readings = f", {settled.readings} readings" if settled.readings else ""
    return f"{format_rfc3339(settled.settled_us * _NS_PER_US)[:19]}  {_plain(settled.detail)}{readings}"


def settled_row(letter: DeadLetter) -> str:
    """Return a settled letter in one line: when, id, device, and what became of it."""
    verdict = letter.settled.verdict if letter.settled is not None else ""
    device = letter.dev_eui or "-"
    return f"{letter.letter_id:<38}  {device:<16}  {verdict:<9}  {settlement_text(letter)}"


def receipt_row(receipt: Receipt) -> str:
    """Return what became of a letter in one line."""
    letter = receipt.letter
    readings = f", {receipt.readings} new readings" if receipt.readings else ""
    reason = f"{receipt.reason}: " if receipt.reason else ""
    said = f"{reason}{_plain(receipt.detail)}{readings}"
    return f"{receipt.verdict:<9}  {letter.letter_id:<38}  {letter.dev_eui or '-':<16}  {said}"


def groups_table(groups: Sequence[LetterGroup], by: str) -> Table:
    """Return groups of letters, one a line."""
    rows = [
        (
            group.name or "unknown",
            str(group.letters),
            str(group.devices),
            instant_text(group.first_us * _NS_PER_US),
            instant_text(group.last_us * _NS_PER_US),
            group.sample,
        )
        for group in groups
    ]
    headings = (by, "letters", "devices", "first (UTC)", "last (UTC)", "newest")
    return table(headings, rows, right=("letters", "devices"))


def _dump(body: bytes) -> Iterator[str]:
    for start in range(0, len(body), _LINE):
        part = body[start : start + _LINE]
        text = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in part)  # noqa: PLR2004  printable ASCII
        yield f"  {start:06x}  {part.hex():<{2 * _LINE}}  {text}"


def _plain(text: str) -> str:
    return "".join(each if each.isprintable() else "�" for each in text)
