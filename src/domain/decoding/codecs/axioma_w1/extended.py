"""The extended frame (47 bytes): the present register, one of the log with its time, and 15 additions to it.

Source: as the package, section 2. The log is hourly unless the meter was set to another interval, which the frame does
not tell; registers are logged at full hours. A byte 0x2F may fill the frame up.
"""

from struct import Struct

from domain.decoding.codec import Decoded, Notice, Snapshot
from domain.decoding.codecs.axioma_w1.status import status_readings
from domain.decoding.refusals import malformed, too_long, too_short
from domain.observation import register
from domain.rfc3339 import NS_PER_S

_DELTAS = 15
_FORM = Struct(f"<IBIII{_DELTAS}H")
"""Clock (s), status, register (L), time of the log's first register (s), that register (L), additions (L)."""
_FILLER = b"\x2f"
_HOUR_S = 3_600
_LONGEST_LOG_S = 400 * 86_400
"""15 intervals of at most a day, and as much patience as with any device's clock."""


def extended(data: bytes) -> Decoded:
    """Return the present register and status, and the registers of the log.

    Raises:
        Undecodable: no such frame; the vendor knows of frames that arrive with bytes of something else.
    """
    clock_s, status, litres, logged_s, logged_l, *deltas = _fields(data)
    if not clock_s - _LONGEST_LOG_S <= logged_s <= clock_s:
        raise malformed(f"a log that begins at {logged_s} does not belong to a clock at {clock_s}")
    log, notices = _log(clock_s, logged_s - logged_s % _HOUR_S, logged_l, deltas)
    now = Snapshot((register("water.volume", "", litres), *status_readings(status)), clock_s * NS_PER_S)
    return Decoded((*log, now), {}, notices)


def _fields(data: bytes) -> tuple[int, ...]:
    length = len(data)
    if length < _FORM.size:
        raise too_short(length, _FORM.size)
    if data[_FORM.size :] not in {b"", _FILLER}:
        raise too_long(length, _FORM.size)
    return _FORM.unpack_from(data)


def _log(clock_s: int, first_s: int, litres: int, deltas: list[int]) -> tuple[tuple[Snapshot, ...], tuple[Notice, ...]]:
    """Return the log's registers from before now; of what cannot be hourly only the first, which has its time."""
    notices: tuple[Notice, ...] = ()
    if first_s + len(deltas) * _HOUR_S > clock_s:
        detail = f"not hourly, since {clock_s - first_s} s: {','.join(map(str, deltas))}"
        notices, deltas = (Notice("history_interval_unknown", detail),), []
    found = [_logged(clock_s, first_s, litres)]
    for index, delta in enumerate(deltas, 1):
        litres += delta
        found.append(_logged(clock_s, first_s + index * _HOUR_S, litres))
    return tuple(each for each in found if each.age_ns), notices


def _logged(clock_s: int, instant_s: int, litres: int) -> Snapshot:
    age_ns = (clock_s - instant_s) * NS_PER_S
    return Snapshot((register("water.volume", "", litres),), clock_s * NS_PER_S, age_ns)
