"""What is known of frames that no uplink brings: a network server's log, and messages that nobody could read."""

from struct import Struct as Layout
from zlib import crc32

from domain.radio.day_calendar import UTC_DAYS, DayCalendar, seconds
from domain.radio.frame_account import FrameAccount
from domain.radio.recent_frames import fingerprint, frames_of, remember
from domain.radio.tally import Tally
from domain.radio.uplink import ServerNotice

_OF_FRAMES = frozenset({"uplink_f_cnt_reset", "uplink_f_cnt_retransmission"})
"""ChirpStack logs these and delivers no uplink, unless the device skips the check of its counter."""
_UNPARSED = Layout("<II")
"""Second of receipt, fingerprint of the message."""
_MOST = 64 * _UNPARSED.size
"""Messages of a device that nobody could read and that still may explain a gap."""


def note(notice: ServerNotice, known: FrameAccount, calendar: DayCalendar = UTC_DAYS) -> FrameAccount:
    """Return the account with a frame that the server dropped, and only its log tells of; no gap.

    ``known`` itself comes back where the notice speaks of something else, or was told before.
    """
    if notice.code not in _OF_FRAMES or notice.f_cnt is None:
        return known
    ns, mark = notice.network_ns, fingerprint("", 0, notice.code.encode())
    told = frames_of(known.notices)
    if any(each.network_ns == ns and each.f_cnt == notice.f_cnt and each.is_like(mark) for each in told):
        return known
    tally = Tally(calendar)
    tally.count("server_only", ns)
    return known.changed(tally, notices=remember(known.notices, notice.f_cnt, ns, mark))


def note_unparsed(received_ns: int, body: bytes, known: FrameAccount) -> FrameAccount:
    """Return the account with a message of the device that nobody could read: the frame was lost by us."""
    entry = _UNPARSED.pack(seconds(received_ns), crc32(body))
    if any(crc32(body) == mark for _, mark in _UNPARSED.iter_unpack(known.unparsed)):
        return known
    return known.changed(Tally(UTC_DAYS), unparsed=(known.unparsed + entry)[-_MOST:])


def unparsed_seconds(known: FrameAccount) -> list[int]:
    """Return when messages came that nobody could read, in seconds since 1970-01-01 UTC."""
    return [second for second, _ in _UNPARSED.iter_unpack(known.unparsed)]
