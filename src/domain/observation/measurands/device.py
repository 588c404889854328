"""What devices say of themselves."""

from domain.observation.measurand import DataClass, Kind, Measurand

_CITY = DataClass.INFRASTRUCTURE

DEVICE = (
    Measurand("device.battery.voltage", "V", Kind.GAUGE, _CITY, exact=False),
    Measurand("device.battery.level", "%", Kind.GAUGE, _CITY, exact=False),
    Measurand("device.battery.remaining", "a", Kind.GAUGE, _CITY, exact=False),
    Measurand("device.battery.low", "{state}", Kind.STATE, _CITY),
    # channel min or max: since the last status
    Measurand("device.temperature", "Cel", Kind.GAUGE, _CITY, display_unit="°C", exact=False),
    Measurand("device.uptime", "s", Kind.REGISTER, _CITY),
    Measurand("device.restart_count", "{count}", Kind.REGISTER, _CITY),
    # channel up or down; cross-checks the frame account
    Measurand("device.message_count", "{count}", Kind.REGISTER, _CITY),
    # channel trips, fix_ok, fix_failed, files_ok, files_bad or dig
    Measurand("device.activity_count", "{count}", Kind.REGISTER, _CITY),
    Measurand("device.clock_synchronized", "{state}", Kind.STATE, _CITY),
    # mains present
    Measurand("device.powered", "{state}", Kind.STATE, _CITY),
    # startup, shutdown or update, and after a colon the device's cause
    Measurand("device.lifecycle", "{code}", Kind.EVENT, _CITY),
    # closed or on; channel relay, open_drain, ldr, dig or an input
    Measurand("device.switch", "{state}", Kind.STATE, _CITY),
    Measurand("device.status_word", "{code}", Kind.STATE, _CITY),
    # channel: the alarm's word
    Measurand("device.alarm", "{state}", Kind.STATE, _CITY),
)
