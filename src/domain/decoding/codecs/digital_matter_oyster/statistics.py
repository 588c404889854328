"""What the tracker counts: since its battery was changed (port 3), and of later firmware (port 31)."""

from domain.decoding.codec import Decoded, Notice, Snapshot
from domain.decoding.codecs.digital_matter_oyster.bit_reader import BitReader
from domain.decoding.codecs.digital_matter_oyster.positions import wide_battery_mv
from domain.observation import gauge, register, state

_LENGTH = 11
_COUNTED_BY = 32
"""Counters are told in steps of 32."""
_SECONDS_OF_A_WEEK = 7 * 86_400
_ENERGY_MWH = 10
_SHARE_PERCENT = 100 / 32
_SHARES = ("lorawan", "gnss_fix", "gnss_failed", "sleep")
_LOWEST_BATTERY_DV = 40


def statistics_since_battery(reader: BitReader, network_ns: int) -> Decoded:
    """Read messages, trips and fixes since the battery was changed, and its voltage then."""
    del network_ns
    reader.need(_LENGTH)
    initial, sent, trips, fixed, failed = (reader.take(count) for count in (4, 11, 13, 10, 8))
    fix_s, fail_s, freshen_s, wakeups, weeks = (reader.take(count) for count in (9, 9, 8, 7, 9))
    readings = (
        register("device.message_count", "up", sent * _COUNTED_BY),
        register("device.activity_count", "trips", trips * _COUNTED_BY),
        register("device.activity_count", "fix_ok", fixed * _COUNTED_BY),
        register("device.activity_count", "fix_failed", failed * _COUNTED_BY),
        register("device.uptime", "", weeks * _SECONDS_OF_A_WEEK),
    )
    attributes = {
        "statistics.initial_battery_v": f"{(_LOWEST_BATTERY_DV + initial) / 10:g}",
        "statistics.average_fix_s": str(fix_s),
        "statistics.average_failed_fix_s": str(fail_s),
        "statistics.average_freshen_s": str(freshen_s),
        "statistics.wakeups_per_trip": str(wakeups),
    }
    return Decoded((Snapshot(readings),), attributes)


def statistics(reader: BitReader, network_ns: int) -> Decoded:
    """Read trips, and for what the battery was used."""
    del network_ns
    reader.need(_LENGTH)
    first_fix_s, wakeups, initial, battery = (reader.take(8) for _ in range(4))
    critical, low = reader.flag(), reader.flag()
    trips, weeks, energy = reader.take(14), reader.take(10), reader.take(10)
    shares = [reader.take(5) * _SHARE_PERCENT for _ in _SHARES]
    readings = (
        gauge("device.battery.voltage", "", wide_battery_mv(battery) / 1_000),
        state("device.battery.low", "", low or critical),
        register("device.activity_count", "trips", trips * _COUNTED_BY),
        register("device.uptime", "", weeks * _SECONDS_OF_A_WEEK),
    )
    attributes = {
        "statistics.first_fix_s": str(first_fix_s),
        "statistics.wakeups_per_trip": str(wakeups),
        "statistics.initial_battery_v": f"{wide_battery_mv(initial) / 1_000:g}",
        "statistics.energy_used_mwh": str(energy * _ENERGY_MWH),
        **{f"statistics.{name}_percent": f"{share:g}" for name, share in zip(_SHARES, shares, strict=True)},
        "statistics.other_percent": f"{100 - sum(shares):g}",
    }
    return Decoded((Snapshot(readings),), attributes, (Notice("battery_critical"),) if critical else ())
