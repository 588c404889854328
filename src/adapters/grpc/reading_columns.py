"""Readings in columns: what is the same for all of a series is said once, the rest is packed."""

from collections.abc import Iterator, Sequence
from math import nan
from typing import NamedTuple

from adapters.grpc.codes import quality_code, quality_word, time_origin_code, time_origin_word
from adapters.grpc.reading_mapping import unit_of
from adapters.grpc.resource_names import device_name, device_of
from adapters.grpc.value_mapping import ValueKind, position_message, position_of, value_kind
from application.ports.reading_query import StoredReading
from domain.identifiers import DevEui
from domain.observation import Position, Reading, Value, data_class_of
from stadtfunk.api.reading.v1 import reading_pb2


class _Head(NamedTuple):
    """What all readings of a series have in common."""

    measurand: str
    channel: str
    kind: ValueKind
    exponent: int
    device_type: str
    decoder: str
    source: str


def reading_series(readings: Sequence[StoredReading], said_class: str = "") -> list[reading_pb2.ReadingSeries]:
    """Return the readings of one device, of whose class the registry says ``said_class``, as series in their order."""
    series: dict[_Head, list[StoredReading]] = {}
    for stored in readings:
        series.setdefault(_head(stored), []).append(stored)
    return [_series(head, rows, said_class) for head, rows in series.items()]


def class_series(readings: Sequence[StoredReading]) -> list[reading_pb2.ReadingSeries]:
    """Return readings of many devices as series in their order, each with a column of its devices."""
    series: dict[_Head, list[StoredReading]] = {}
    for stored in readings:
        series.setdefault(_head(stored), []).append(stored)
    messages = []
    for head, rows in series.items():
        message = _series(head, rows, "")
        message.devices.extend([device_name(row.dev_eui) for row in rows])
        messages.append(message)
    return messages


def _head(stored: StoredReading) -> _Head:
    reading = stored.reading
    kind = value_kind(reading.measurand, reading.value, reading.exponent)
    exponent = reading.exponent if kind is ValueKind.REGISTER else 0
    return _Head(reading.measurand, reading.channel, kind, exponent, stored.device_type, stored.decoder, stored.source)


def _series(head: _Head, rows: Sequence[StoredReading], said_class: str) -> reading_pb2.ReadingSeries:
    series = reading_pb2.ReadingSeries(
        measurand=head.measurand,
        channel=head.channel,
        unit=unit_of(head.measurand),
        device_type=head.device_type,
        decoder=head.decoder,
        source=head.source,
        data_class=data_class_of(head.measurand, said_class),
        event_times_ns=[row.event_ns for row in rows],
        write_times_us=[row.written_us for row in rows],
        uncertainties_ms=[row.uncertainty_ms for row in rows],
        time_origins=[time_origin_code(row.time_origin) for row in rows],
        qualities=[quality_code(row.reading.quality) for row in rows],
        f_cnts=[row.f_cnt for row in rows],
    )
    _fill(series, head, [row.reading.value for row in rows])
    return series


def _fill(series: reading_pb2.ReadingSeries, head: _Head, values: list[Value]) -> None:
    """Put ``values``, all of the kind of ``head``, into their column."""
    match head.kind:
        case ValueKind.REGISTER:
            series.registers.exponent = head.exponent
            series.registers.unscaled.extend([value for value in values if isinstance(value, int)])
        case ValueKind.DOUBLE:
            series.doubles.values.extend([value for value in values if isinstance(value, (float, int))])
        case ValueKind.BOOL:
            series.bools.values.extend([value for value in values if isinstance(value, bool)])
        case ValueKind.INT64:
            series.int64s.values.extend([value for value in values if isinstance(value, int)])
        case ValueKind.STRING:
            series.strings.values.extend([value for value in values if isinstance(value, str)])
        case ValueKind.POSITION:
            places = [position_message(value) for value in values if isinstance(value, Position)]
            series.positions.values.extend(places)
        case ValueKind.NONE:
            pass


def stored_readings(device: DevEui, message: reading_pb2.ReadingSeries) -> Iterator[StoredReading]:
    """Yield the readings of ``device`` that ``message`` carries."""
    return _stored([device] * len(message.event_times_ns), message)


def stored_class_readings(message: reading_pb2.ReadingSeries) -> Iterator[StoredReading]:
    """Yield the readings that ``message`` carries with their devices."""
    return _stored([device_of(name, "devices") for name in message.devices], message)


def _stored(devices: Sequence[DevEui], message: reading_pb2.ReadingSeries) -> Iterator[StoredReading]:
    exponent = message.registers.exponent
    columns = zip(
        devices,
        message.event_times_ns,
        _values(message),
        message.qualities,
        message.write_times_us,
        message.time_origins,
        message.uncertainties_ms,
        message.f_cnts,
        strict=True,
    )
    for device, event_ns, value, quality, written_us, origin, uncertainty_ms, f_cnt in columns:
        yield StoredReading(
            device,
            event_ns,
            Reading(message.measurand, message.channel, value, exponent, quality_word(quality)),
            written_us,
            time_origin_word(origin),
            uncertainty_ms,
            message.device_type,
            message.decoder,
            message.source,
            f_cnt,
        )


def _values(message: reading_pb2.ReadingSeries) -> Sequence[Value]:
    column = message.WhichOneof("values")
    if column is None:
        return [nan] * len(message.event_times_ns)
    if column == "registers":
        return message.registers.unscaled
    if column == "positions":
        return [position_of(place) for place in message.positions.values]
    plain: Sequence[Value] = getattr(message, column).values
    return plain
