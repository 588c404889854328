"""Devices and their states as resources."""

from adapters.grpc.codes import quality_code, quality_word
from adapters.grpc.reading_mapping import unit_of
from adapters.grpc.resource_names import device_name, device_of, device_of_state, state_name
from adapters.grpc.times import microseconds, nanoseconds, timestamp, timestamp_of_us
from adapters.grpc.value_mapping import value_message, value_of
from domain.device import Device, DeviceState, FrameSummary, LatestValue
from stadtfunk.api.device.v1 import device_pb2

_NONE_RECEIVED = -1
"""``FrameSummary.last_f_cnt`` before the first frame."""


def device_message(device: Device) -> device_pb2.Device:
    """Return ``device`` as a resource."""
    return device_pb2.Device(
        name=device_name(device.dev_eui),
        device_type=device.device_type,
        source=device.source,
        application_id=device.application_id,
        device_id=device.device_id,
        create_time=timestamp_of_us(device.registered_us),
        update_time=timestamp_of_us(device.written_us),
        attributes=device.attributes,
    )


def device(message: device_pb2.Device) -> Device:
    """Return the device that ``message`` carries."""
    return Device(
        device_of(message.name, "name"),
        microseconds(message.update_time),
        message.device_type,
        message.source,
        message.application_id,
        message.device_id,
        microseconds(message.create_time),
        dict(message.attributes),
    )


def state_message(state: DeviceState) -> device_pb2.DeviceState:
    """Return ``state`` as a resource."""
    return device_pb2.DeviceState(
        name=state_name(state.dev_eui),
        last_seen_time=timestamp(state.last_seen_ns) if state.last_seen_ns else None,
        frame_counts=[_frame_counts(frames) for frames in state.frames],
        latest_readings=[_latest_reading(latest) for latest in state.latest],
        update_time=timestamp_of_us(state.written_us),
    )


def device_state(message: device_pb2.DeviceState, master: Device) -> DeviceState:
    """Return the state that ``message`` carries; ``master`` has what the API says of the device itself."""
    return DeviceState(
        device_of_state(message.name, "name"),
        microseconds(message.update_time),
        master.device_type,
        master.application_id,
        master.device_id,
        nanoseconds(message.last_seen_time),
        tuple(_frame_summary(counts) for counts in message.frame_counts),
        tuple(_latest_value(latest) for latest in message.latest_readings),
    )


def _frame_counts(frames: FrameSummary) -> device_pb2.FrameCounts:
    return device_pb2.FrameCounts(
        source=frames.source,
        received_count=frames.received,
        missing_count=frames.missing,
        duplicate_count=frames.duplicate,
        redelivered_count=frames.redelivered,
        late_count=frames.late,
        empty_count=frames.empty,
        undecodable_count=frames.undecodable,
        break_count=frames.breaks,
        session_count=frames.sessions,
        last_f_cnt=None if frames.last_f_cnt == _NONE_RECEIVED else frames.last_f_cnt,
    )


def _frame_summary(counts: device_pb2.FrameCounts) -> FrameSummary:
    return FrameSummary(
        counts.source,
        counts.received_count,
        counts.missing_count,
        counts.duplicate_count,
        counts.redelivered_count,
        counts.late_count,
        counts.empty_count,
        counts.undecodable_count,
        counts.break_count,
        counts.session_count,
        counts.last_f_cnt if counts.HasField("last_f_cnt") else _NONE_RECEIVED,
    )


def _latest_reading(latest: LatestValue) -> device_pb2.LatestReading:
    return device_pb2.LatestReading(
        measurand=latest.measurand,
        channel=latest.channel,
        event_time=timestamp(latest.event_ns),
        value=value_message(latest.measurand, latest.value, latest.exponent),
        unit=unit_of(latest.measurand),
        quality=quality_code(latest.quality),
    )


def _latest_value(latest: device_pb2.LatestReading) -> LatestValue:
    value, exponent = value_of(latest.value)
    return LatestValue(
        latest.measurand,
        latest.channel,
        nanoseconds(latest.event_time),
        value,
        exponent,
        quality_word(latest.quality),
    )
