"""An electricity meter behind an iOKE868: its registers every time, the head's own status now and then.

Where the spreading factor leaves 51 octets for a payload (EU868, DR0 to DR2; RP002-1.0.3, section 2.5.6), two
registers take two segments. The second begins within the second register, so the first gives all the rest: it counts
even if the second is lost.
"""

from adapters.simulated_city.day_curve import HIGH_TARIFF, HOUSEHOLD, INSTALLED_S, SUN
from adapters.simulated_city.device import CityDevice
from adapters.simulated_city.encoders import imst_ioke868 as ioke868
from adapters.simulated_city.frame import Frame, Meaning

_NS = 1_000_000_000
_IMPORT = "electricity.energy.active.import"
_EXPORT = "electricity.energy.active.export"
_EXPONENT = -4
"""Registers of energy count 10^-4 Wh."""
_FINE, _COARSE = -4, -1
"""Meters give 10^-4 or 10^-1 Wh."""
_STEPS_OF_COARSE = 10 ** (_COARSE - _EXPONENT)
_SMALL_FROM_SF = 10
_ROOM = 51
_READ_BEFORE_S = 2
"""The meter is read, and the clock with it, before the head sends."""
_STATUS_EVERY, _STATUS_AT = 24, 5
_UNSET_SINCE_S = 946_684_800
"""2000-01-01: where a clock that was never set begins."""
_METERS = 1_000_000
"""Numbers of the city's meters before those of the next generation."""
_TWO_TARIFFS, _GIVES_BACK = 2, 3
"""Of four meters one has two tariffs, one a roof that gives back; the others have one register."""
_SEGMENTED_EVERY_NS = 600 * _NS
"""The head is set to send readings of two registers every ten minutes at most; in between it sends the first one."""

Register = tuple[tuple[int, int], int, int]
"""Direction, tariff, and what it counts in 10^-4 Wh."""


def sends_segments(device: CityDevice) -> bool:
    """Say whether its readings are longer than its frames."""
    is_far = device.spreading_factor >= _SMALL_FROM_SF
    return is_far and device.traits & 3 >= _TWO_TARIFFS and device.fleet.name == "electricity"


def electricity_frame(device: CityDevice, network_ns: int, opens: bool) -> Frame:  # noqa: FBT001  the Habit's shape
    """Return what the head sends at ``network_ns``; a first segment only if ``opens``."""
    pending = device.pending
    if pending is not None:
        device.pending = None
        return pending
    if device.f_cnt % _STATUS_EVERY == _STATUS_AT:
        return _status(device, network_ns)
    registers = _registers(device, network_ns // _NS - _READ_BEFORE_S)
    if not sends_segments(device):
        return Frame(ioke868.METER_PORT, *_reading(device, network_ns, registers))
    if not opens or network_ns - device.opened_ns < _SEGMENTED_EVERY_NS:
        return Frame(ioke868.METER_PORT, *_reading(device, network_ns, registers[:1]))
    device.opened_ns = network_ns
    return _first_segment(device, *_reading(device, network_ns, registers))


def meter_number(device: CityDevice) -> str:
    """Return what stands on the meter that the head reads now."""
    return f"1EMH{device.meter * _METERS + device.index:010d}"


def _first_segment(device: CityDevice, payload: bytes, meanings: tuple[Meaning, ...]) -> Frame:
    """Return the first segment of a reading; keep the second."""
    first, second = ioke868.segments(payload, _ROOM)
    whole = len(meanings) - 1
    device.pending = Frame(ioke868.METER_PORT | ioke868.SEGMENTED, second, meanings[whole:], segment=True)
    return Frame(ioke868.METER_PORT | ioke868.SEGMENTED, first, meanings[:whole], segment=True)


def _reading(device: CityDevice, network_ns: int, registers: list[Register]) -> tuple[bytes, tuple[Meaning, ...]]:
    """Return a reading, and what it means; its last meaning is its last field's."""
    clock_s, event_ns = _clock(device, network_ns)
    meter_id = meter_number(device).encode()
    fields = [ioke868.meter_head(clock_s, meter_id, exports=device.traits & 3 == _GIVES_BACK)]
    meanings: list[Meaning] = [
        ("meter.connected", "", event_ns, True, 0),
        ("meter.identity", "", event_ns, meter_id.decode(), 0),
    ]
    scaler = _FINE if device.traits & 4 else _COARSE
    for direction, tariff, steps in registers:
        mantissa = steps if scaler == _FINE else steps // _STEPS_OF_COARSE
        fields.append(ioke868.register(direction, tariff, scaler, mantissa))
        value = mantissa if scaler == _FINE else mantissa * _STEPS_OF_COARSE
        name = _EXPORT if direction == ioke868.EXPORT else _IMPORT
        meanings.append((name, f"t{tariff}" if tariff else "", event_ns, value, _EXPONENT))
    return b"".join(fields), tuple(meanings)


def _registers(device: CityDevice, seconds: int) -> list[Register]:
    """Return what the meter shows at ``seconds`` (since 1970-01-01 UTC); a new one began at zero."""
    if not device.metered_since_s:
        return _drawn_and_given(device, seconds)
    since = device.metered_since_s
    before = _drawn_and_given(device, since)
    now = _drawn_and_given(device, max(seconds, since))
    return [
        (direction, tariff, steps - start)
        for (direction, tariff, steps), (_, _, start) in zip(now, before, strict=True)
    ]


def _drawn_and_given(device: CityDevice, seconds: int) -> list[Register]:
    """Return what passed since all meters were installed."""
    kind = device.traits & 3
    drawn = _energy(device, HOUSEHOLD.since_installation(seconds), HOUSEHOLD.of_a_day)
    if kind < _TWO_TARIFFS:
        return [(ioke868.IMPORT, 0, drawn)]
    if kind == _TWO_TARIFFS:
        high = _energy(device, HIGH_TARIFF.high_since_installation(seconds), HOUSEHOLD.of_a_day)
        low = _energy(device, HIGH_TARIFF.low_since_installation(seconds), HOUSEHOLD.of_a_day)
        return [(ioke868.IMPORT, 1, high), (ioke868.IMPORT, 2, low)]
    return [
        (ioke868.IMPORT, 0, drawn),
        (ioke868.EXPORT, 0, _energy(device, SUN.since_installation(seconds), SUN.of_a_day)),
    ]


def _energy(device: CityDevice, integral: int, of_a_day: int) -> int:
    """Return the register in 10^-4 Wh: 3 to 19 kWh a day."""
    wh_a_day = 3_000 + (device.traits >> 3) % 16_000
    return wh_a_day * 10_000 * integral // of_a_day


def _clock(device: CityDevice, network_ns: int) -> tuple[int, int]:
    """Return the device's clock (s) and the event time (ns) that follows from it.

    One in 64 clocks was never set: what it says is more than 400 days old, so the network's time holds.
    """
    seconds = network_ns // _NS - _READ_BEFORE_S
    if _unset(device):
        return seconds - INSTALLED_S + _UNSET_SINCE_S, network_ns
    return seconds, seconds * _NS


def _unset(device: CityDevice) -> bool:
    return device.spreading_factor < _SMALL_FROM_SF and device.traits >> 20 & 63 == 0


def _status(device: CityDevice, network_ns: int) -> Frame:
    clock_s, event_ns = _clock(device, network_ns)
    quarters = (network_ns // _NS - INSTALLED_S) // 900
    days = quarters // 96
    synchronised = not _unset(device)
    payload = ioke868.status(
        clock_s,
        last_sync_s=clock_s - clock_s % 86_400 if synchronised else 0,
        synchronised=synchronised,
        restarts=days // 200,
        files=(quarters * 5, days // 3),
        uploads=quarters,
    )
    meanings = (
        ("device.restart_count", "", event_ns, days // 200, 0),
        ("device.activity_count", "files_ok", event_ns, quarters * 5, 0),
        ("device.activity_count", "files_bad", event_ns, days // 3, 0),
        ("device.message_count", "up", event_ns, quarters, 0),
        ("device.clock_synchronized", "", event_ns, synchronised, 0),
    )
    return Frame(ioke868.STATUS_PORT, payload, meanings)
