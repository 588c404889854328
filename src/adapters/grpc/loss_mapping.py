"""Rows of the loss ledger as messages, and back; days as dates."""

from datetime import date, timedelta

from google.type.date_pb2 import Date

from adapters.grpc.resource_names import device_name, device_of
from adapters.grpc.times import microseconds, nanoseconds, timestamp, timestamp_of_us
from domain.errors import InvalidValue
from domain.identifiers import DevEui
from domain.radio import Gap, LossDay
from stadtfunk.api.loss.v1 import loss_pb2

_EPOCH = date(1970, 1, 1)
_LOSS_DAYS = "/lossDays/"


def balance_message(row: LossDay) -> loss_pb2.FrameBalance:
    """Return the counts of a row."""
    return loss_pb2.FrameBalance(
        expected_count=row.expected,
        received_count=row.received,
        radio_count=row.radio,
        network_count=row.network,
        ingest_count=row.ingest,
        stored_count=row.stored,
        empty_count=row.empty,
        undecodable_count=row.undecodable,
        failed_count=row.failed,
        recovered_count=row.recovered,
        late_count=row.late,
        duplicate_count=row.duplicate,
        redelivered_count=row.redelivered,
        break_count=row.breaks,
        session_count=row.sessions,
        server_only_count=row.server_only,
        loss_ratio=row.loss_ratio,
    )


def loss_day_message(row: LossDay) -> loss_pb2.LossDay:
    """Return a row."""
    return loss_pb2.LossDay(
        name=f"{device_name(row.dev_eui)}{_LOSS_DAYS}{iso_of(row.day)}~{row.source}",
        date=date_message(row.day),
        source=row.source,
        frames=balance_message(row),
        gaps=[_gap_message(gap) for gap in row.gaps],
        doubtful=row.is_doubtful,
        update_time=timestamp_of_us(row.written_us),
    )


def loss_day_of(message: loss_pb2.LossDay) -> LossDay:
    """Return the row that ``message`` shows, but for the counters of its gaps, which it does not tell."""
    device, day, source = key_of(message.name, "name")
    return row_of(message.frames, device, day, source, microseconds(message.update_time), message.doubtful)


def row_of(
    frames: loss_pb2.FrameBalance,
    device: DevEui = DevEui(""),  # noqa: B008  immutable
    day: int = 0,
    source: str = "",
    written_us: int = 0,
    is_doubtful: bool = False,  # noqa: FBT001, FBT002  a field of the row
) -> LossDay:
    """Return a balance as a row."""
    return LossDay(
        device,
        day,
        source,
        written_us,
        frames.received_count,
        frames.radio_count,
        frames.network_count,
        frames.ingest_count,
        frames.empty_count,
        frames.undecodable_count,
        frames.failed_count,
        frames.recovered_count,
        frames.late_count,
        frames.duplicate_count,
        frames.redelivered_count,
        frames.break_count,
        frames.session_count,
        frames.server_only_count,
        is_doubtful,
    )


def gaps_of(message: loss_pb2.LossDay) -> list[Gap]:
    """Return where the missing frames of a row are."""
    return [Gap(nanoseconds(each.start_time), nanoseconds(each.end_time), each.missing_count) for each in message.gaps]


def key_of(name: str, field: str) -> tuple[DevEui, int, str]:
    """Return device, day and source of the row that ``name`` names.

    Raises:
        InvalidValue: it is no name of a row.
    """
    device, _, rest = name.partition(_LOSS_DAYS)
    text, _, source = rest.partition("~")
    try:
        day = (date.fromisoformat(text) - _EPOCH).days
    except ValueError:
        message = f"{name!r} is not devices/{{dev_eui}}/lossDays/{{YYYY-MM-DD}}~{{source}}"
        raise InvalidValue(message, field=field, value=name) from None
    return device_of(device, field), day, source


def day_of(message: Date, field: str) -> int:
    """Return a date as days since 1970-01-01.

    Raises:
        InvalidValue: there is no such day.
    """
    try:
        return (date(message.year, message.month, message.day) - _EPOCH).days
    except ValueError:
        text = f"{message.year}-{message.month}-{message.day}"
        raise InvalidValue(f"{text} is no day: year, month and day expected", field=field, value=text) from None


def date_message(day: int) -> Date:
    """Return a day as a date."""
    found = _EPOCH + timedelta(days=day)
    return Date(year=found.year, month=found.month, day=found.day)


def iso_of(day: int) -> str:
    """Return a day as people write it: ``2026-11-23``."""
    return (_EPOCH + timedelta(days=day)).isoformat()


def _gap_message(gap: Gap) -> loss_pb2.FrameGap:
    start, end = timestamp(gap.since_ns), timestamp(gap.until_ns)
    return loss_pb2.FrameGap(start_time=start, end_time=end, missing_count=gap.missing)
