"""An ultrasonic water meter: every frame has the registers of the last 24 full hours, and how the meter is.

So a lost frame loses nothing, as long as another comes within the day: most hours are told many times.
"""

from adapters.simulated_city.device import CityDevice
from adapters.simulated_city.encoders import axioma_w1 as w1
from adapters.simulated_city.frame import Frame, Meaning
from adapters.simulated_city.habits.taps import used_litres

_NS = 1_000_000_000
_HOUR_S = 3_600
_READ_BEFORE_S = 2
_EXPONENT, _ML_A_LITRE = -3, 1_000
_QUIET_ALARMS = ("dry", "reverse_flow", "burst", "frost", "tamper")


def ultrasonic_frame(
    device: CityDevice,
    network_ns: int,
    opens: bool,  # noqa: ARG001, FBT001  the Habit's shape
) -> Frame:
    """Return what the meter sends at ``network_ns``."""
    clock_s = network_ns // _NS - _READ_BEFORE_S
    newest_s = clock_s - clock_s % _HOUR_S
    hours = [newest_s - back * _HOUR_S for back in range(w1.HOURS - 1, -1, -1)]
    litres = [used_litres(device, hour) for hour in hours]
    leaks = bool(device.leak_since_s) and not device.leak_until_s
    status = w1.status(leaks=leaks)
    history: tuple[Meaning, ...] = tuple(
        [
            ("water.volume", "", hour * _NS, each * _ML_A_LITRE, _EXPONENT)
            for hour, each in zip(hours, litres, strict=True)
        ]
    )
    return Frame(w1.LOG_PORT, w1.log(clock_s, status, litres), _health(clock_s * _NS, status, leaks=leaks), history)


def _health(clock_ns: int, status: int, *, leaks: bool) -> tuple[Meaning, ...]:
    return (
        ("device.status_word", "", clock_ns, status, 0),
        ("device.battery.low", "", clock_ns, False, 0),
        ("meter.fault", "", clock_ns, "temporary" if leaks else "none", 0),
        ("water.alarm", "leak", clock_ns, leaks, 0),
        *(("water.alarm", alarm, clock_ns, False, 0) for alarm in _QUIET_ALARMS),
    )
