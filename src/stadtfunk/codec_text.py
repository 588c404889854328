"""Codecs, and what they make of a payload, as text for people at a terminal."""

from collections.abc import Iterator

import msgspec
from rich.table import Table

from adapters.javascript.wire import Answer
from domain.decoding import Decoders, Snapshot
from domain.observation import event_time, judged
from domain.rfc3339 import format_rfc3339
from stadtfunk.tables import table, unit_text, value_text


def codecs_table(decoders: Decoders) -> Table:
    """Return all device types with their codecs, in the order in which these are tried."""
    rows = [
        (
            device_type,
            choice.codec.name,
            str(choice.codec.version),
            "script" if choice.codec.script else "native",
            choice.firmware,
            format_rfc3339(choice.valid_from_ns) if choice.valid_from_ns else "",
        )
        for device_type, choices in sorted(decoders.types().items())
        for choice in choices
    ]
    return table(("device type", "codec", "version", "kind", "firmware", "valid from"), rows)


def answer_lines(answer: Answer, received_ns: int) -> Iterator[str | Table]:
    """Yield what a script answered, then what its mapping made of it."""
    if answer.json:
        yield from _returned(answer.json)
    if answer.decoded is None:
        return
    for snapshot in answer.decoded.snapshots:
        yield from _observed(snapshot, received_ns)
    yield from (f"attribute {name} = {_plain(text)}" for name, text in answer.decoded.attributes.items())
    yield from (f"notice {notice.code} {_plain(notice.detail)}".rstrip() for notice in answer.decoded.notices)


def _returned(json: str) -> Iterator[str]:
    returned = msgspec.json.decode(json, type=dict[str, msgspec.Raw])
    for name in ("data", "normalized"):
        if name in returned:
            yield f"{name} = {_plain(msgspec.json.format(bytes(returned[name]), indent=2).decode(), keep=chr(10))}"
    for warning in msgspec.json.decode(returned.get("warnings", b"[]"), type=list[str]):
        yield f"warning {_plain(warning)}"


def _observed(snapshot: Snapshot, received_ns: int) -> Iterator[str | Table]:
    instant_ns, origin, _ = event_time(snapshot.device_ns, received_ns, snapshot.age_ns)
    yield f"observation at {format_rfc3339(instant_ns)} ({origin} time)"
    rows = [
        (
            reading.measurand,
            reading.channel,
            value_text(reading.value, reading.exponent),
            unit_text(reading.measurand),
            "" if reading.quality == "measured" else reading.quality,
        )
        for reading in judged(snapshot.readings)
    ]
    yield table(("measurand", "channel", "value", "unit", "doubt"), rows, right=("value",))


def _plain(text: str, keep: str = "") -> str:
    """Return ``text`` so that nothing a script says reaches the terminal as a command."""
    return "".join(each if each.isprintable() or each in keep else "�" for each in text)
