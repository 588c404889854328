"""What devices say of themselves."""

from domain.observation.measurand import DataClass, Kind, Measurand, counted, sensed

_CITY = DataClass.INFRASTRUCTURE

DEVICE = (
    sensed("device.battery.voltage", "V", _CITY, 0, 20),
    sensed("device.battery.level", "%", _CITY, 0, 100),
    sensed("device.battery.remaining", "a", _CITY, 0, 30),
    Measurand("device.battery.low", "{state}", Kind.STATE, _CITY),
    # channel min or max: since the last status
    sensed("device.temperature", "Cel", _CITY, -60, 125, "°C"),
    counted("device.uptime", "s", _CITY),
    counted("device.restart_count", "{count}", _CITY),
    # channel up or down; cross-checks the frame account
    counted("device.message_count", "{count}", _CITY),
    # channel trips, fix_ok, fix_failed, files_ok, files_bad or dig
    counted("device.activity_count", "{count}", _CITY),
    Measurand("device.clock_synchronized", "{state}", Kind.STATE, _CITY),
    # mains present
    Measurand("device.powered", "{state}", Kind.STATE, _CITY),
    # startup, shutdown or update, and after a colon the device's cause
    Measurand("device.lifecycle", "{code}", Kind.EVENT, _CITY),
    # closed or on; channel relay, open_drain, ldr, dig or an input
    Measurand("device.switch", "{state}", Kind.STATE, _CITY),
    # 0-0:97.97.0 is a meter's error object; no reading of ours carries it yet
    Measurand("device.status_word", "{code}", Kind.STATE, _CITY),
    # channel: the alarm's word
    Measurand("device.alarm", "{state}", Kind.STATE, _CITY),
)
