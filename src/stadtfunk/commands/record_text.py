"""Records of our topics as JSON for people: instants as times, registers as numbers, and no secrets.

Keys that the registry knows are never shown. Raw messages, and payloads that may carry keys, are shown only to those
with the right to see them (docs/keys-in-payloads.md).
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TypeAlias

import msgspec

from adapters.device_memory.record import decode
from adapters.kafka.inspection import SeenRecord
from adapters.kafka.log_record import DECODING_ERRORS
from adapters.kafka.uplink_record import logged
from application.errors import WrongShape
from application.ports.envelope_reader import EnvelopeReader
from application.ports.uplink_log import RawUplink
from domain.decoding import Decoders, Payload
from domain.radio import LossDay, Unreadable, Uplink
from domain.rfc3339 import format_rfc3339
from stadtfunk.commands.memory_text import counters, memory_facts
from stadtfunk.tables import value_text

Json: TypeAlias = "dict[str, object]"

WITHHELD = "withheld"
_BYTES = ("body", "payload")
_LOSSES = msgspec.json.Decoder(LossDay)
_EARLIEST_NS = 10**17
"""1973: what ends in ``_ns`` and is less is a length of time, not an instant."""
_NS = {"_ns": 1, "_us": 1_000, "_ms": 1_000_000}


class RecordText:
    """Makes records readable."""

    def __init__(self, reader: EnvelopeReader, decoders: Decoders, *, raw_granted: bool) -> None:
        """Take what reads envelopes, what knows of keys, and whether the person may see raw messages."""
        self._reader = reader
        self._decoders = decoders
        self._raw_granted = raw_granted
        self._of: Mapping[str, Callable[[SeenRecord], object]] = {
            "uplinks": self._uplink,
            "device_memory": _memory,
            "registry": _registered,
            "dead_letters": _letter,
            "loss_ledger": _ledger,
        }

    def line(self, topic: str, seen: SeenRecord) -> bytes:
        """Return a record of ``topic`` (by the name of its setting) as one line of JSON, whoever wrote it."""
        record = seen.record
        whole = {
            "partition": seen.partition,
            "offset": record.offset,
            "time": _time(max(0, record.timestamp), 1_000_000),
            "key": (record.key or b"").decode(errors="replace"),
        }
        try:
            value = None if record.value is None else self._of.get(topic, _json)(seen)
            return msgspec.json.encode({**whole, "value": readable(value)})
        except RecursionError:
            deep = {"unreadable": "nested too deeply", "bytes": len(record.value or b"")}
            return msgspec.json.encode({**whole, "value": deep})

    def _uplink(self, seen: SeenRecord) -> Json:
        raw = logged(seen.partition, [seen.record]).uplinks[0]
        shown: Json = {
            "source": raw.source,
            "network_server": raw.network_server,
            "topic": raw.topic,
            "received_us": raw.received_us,
            "bytes": len(raw.body),
            **self._message(raw),
        }
        if self._raw_granted:
            shown["body"] = _text(raw.body)
        return shown

    def _message(self, raw: RawUplink) -> Json:
        message = self._reader.read(raw)
        name = type(message).__name__
        if isinstance(message, Unreadable):
            # Words about what is wrong may quote it.
            return {"message": name, "reason": message.reason, "dev_eui": message.dev_eui}
        facts = msgspec.to_builtins(message)
        if isinstance(message, Uplink):
            concealed = self._decoders.conceals(Payload(message.payload, message.f_port, message.network_ns))
            facts["payload"] = message.payload.hex() if self._raw_granted or not concealed else WITHHELD
        return {"message": name, **facts}


def readable(value: object) -> object:
    """Return ``value`` with instants as RFC 3339 times, and registers as decimal numbers."""
    if isinstance(value, list | tuple):
        return [readable(each) for each in value]
    if not isinstance(value, dict):
        return value
    told = {name: _instant(name, each) for name, each in value.items()}
    number, exponent = told.get("value"), told.get("exponent")
    if "measurand" in told and isinstance(number, int) and isinstance(exponent, int):
        with suppress(ArithmeticError):  # no register of ours has so many digits
            told["value"] = value_text(number, exponent)
            del told["exponent"]
    return told


def _instant(name: str, value: object) -> object:
    factor = _NS.get(name[-3:])
    if factor is None or not isinstance(value, int) or value * factor < _EARLIEST_NS:
        return readable(value)
    return _time(value, factor)


def _time(value: int, factor: int) -> object:
    """Return the instant of so many times ``factor`` ns; the number, where no calendar has it."""
    try:
        return format_rfc3339(value * factor)
    except (OverflowError, ValueError):
        return value


def _json(seen: SeenRecord) -> object:
    try:
        return msgspec.json.decode(seen.record.value or b"")
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        return {"unreadable": str(error), "bytes": len(seen.record.value or b"")}


def _registered(seen: SeenRecord) -> object:
    record = _json(seen)
    if isinstance(record, dict) and (keys := record.get("keys")):
        return {**record, "keys": dict.fromkeys(keys, WITHHELD) if isinstance(keys, dict) else WITHHELD}
    return record


def _letter(seen: SeenRecord) -> object:
    letter = _json(seen)
    if not isinstance(letter, dict):
        return letter
    try:
        shown = {name: msgspec.convert(letter.get(name, ""), bytes, strict=False) for name in _BYTES}
    except msgspec.ValidationError:
        return letter
    return {**letter, "body": _text(shown["body"]), "payload": shown["payload"].hex()}


def _ledger(seen: SeenRecord) -> object:
    try:
        row = _LOSSES.decode(seen.record.value or b"")
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return _json(seen)
    return {**msgspec.to_builtins(row), "runs": counters(row.runs)}


def _memory(seen: SeenRecord) -> object:
    try:
        return memory_facts(decode(seen.record.value or b""))
    except WrongShape as error:
        return {"unreadable": error.message}


def _text(body: bytes) -> object:
    """Return a message as JSON, where it is JSON; else its bytes."""
    try:
        return msgspec.json.decode(body)
    except DECODING_ERRORS:
        return body.hex()
