"""What is said of a meter, whatever it measures."""

from domain.observation.measurand import DataClass, Kind, Measurand

_PERSONAL = DataClass.METER_PERSONAL
_CITY = DataClass.INFRASTRUCTURE

METER = (
    # Pulses stay pulses until the device or the registry knows what one is worth.
    Measurand("meter.pulse_count", "{pulse}", Kind.REGISTER, _PERSONAL),
    # The meter's own number: tells when it was exchanged.
    Measurand("meter.identity", "{text}", Kind.STATE, _PERSONAL),
    Measurand("meter.connected", "{state}", Kind.STATE, _CITY),
    # none, temporary or permanent
    Measurand("meter.fault", "{state}", Kind.STATE, _CITY),
    # Also moves the event time back by as much.
    Measurand("meter.reading_age", "s", Kind.GAUGE, _CITY),
)
