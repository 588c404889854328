"""Readings as rows: one message each."""

from google.protobuf.duration_pb2 import Duration

from adapters.grpc.codes import quality_code, quality_word, time_origin_code, time_origin_word
from adapters.grpc.resource_names import device_of_reading, reading_name
from adapters.grpc.times import microseconds, nanoseconds, timestamp, timestamp_of_us
from adapters.grpc.value_mapping import value_message, value_of
from application.ports.reading_query import StoredReading
from domain.observation import MEASURANDS, Reading, data_class_of
from stadtfunk.api.reading.v1 import reading_pb2

_MS_PER_S = 1_000
_NS_PER_MS = 1_000_000


def unit_of(measurand: str) -> str:
    """Return the UCUM unit of ``measurand``; empty if the catalogue does not know it."""
    row = MEASURANDS.get(measurand)
    return row.unit if row else ""


def reading_message(stored: StoredReading, said_class: str = "") -> reading_pb2.Reading:
    """Return ``stored`` as a resource; ``said_class`` is what the registry says of the class of its device."""
    reading = stored.reading
    return reading_pb2.Reading(
        name=reading_name(stored.dev_eui, reading.measurand, reading.channel, stored.event_ns),
        measurand=reading.measurand,
        channel=reading.channel,
        event_time=timestamp(stored.event_ns),
        value=value_message(reading.measurand, reading.value, reading.exponent),
        unit=unit_of(reading.measurand),
        quality=quality_code(reading.quality),
        time_origin=time_origin_code(stored.time_origin),
        uncertainty=_duration(stored.uncertainty_ms),
        write_time=timestamp_of_us(stored.written_us),
        device_type=stored.device_type,
        decoder=stored.decoder,
        source=stored.source,
        f_cnt=stored.f_cnt,
        data_class=data_class_of(reading.measurand, said_class),
    )


def stored_reading(message: reading_pb2.Reading) -> StoredReading:
    """Return the reading that ``message`` carries."""
    value, exponent = value_of(message.value)
    return StoredReading(
        device_of_reading(message.name),
        nanoseconds(message.event_time),
        Reading(message.measurand, message.channel, value, exponent, quality_word(message.quality)),
        microseconds(message.write_time),
        time_origin_word(message.time_origin),
        _milliseconds(message.uncertainty),
        message.device_type,
        message.decoder,
        message.source,
        message.f_cnt,
    )


def _duration(ms: int) -> Duration:
    seconds, rest = divmod(ms, _MS_PER_S)
    return Duration(seconds=seconds, nanos=rest * _NS_PER_MS)


def _milliseconds(duration: Duration) -> int:
    return duration.seconds * _MS_PER_S + duration.nanos // _NS_PER_MS
