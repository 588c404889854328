"""What is said of a meter, whatever it measures."""

from domain.observation.measurand import DataClass, Kind, Measurand, counted

_PERSONAL = DataClass.METER_PERSONAL
_CITY = DataClass.INFRASTRUCTURE

_IDENTITY = (("", "1-0:96.1.0"),)
"""Of an electricity meter; some write 1-0:0.0.9, water meters 8-0:0.0.0."""
_OLDEST_READING_S = 2.7e6
"""A month: a wireless meter that was heard no more since then is lost."""

METER = (
    # Pulses stay pulses until the device or the registry knows what one is worth.
    counted("meter.pulse_count", "{pulse}", _PERSONAL),
    # The meter's own number: tells when it was exchanged.
    Measurand("meter.identity", "{text}", Kind.STATE, _PERSONAL, obis=_IDENTITY),
    Measurand("meter.connected", "{state}", Kind.STATE, _CITY),
    # none, temporary or permanent
    Measurand("meter.fault", "{state}", Kind.STATE, _CITY),
    # Also moves the event time back by as much.
    Measurand("meter.reading_age", "s", Kind.GAUGE, _CITY, least=0, most=_OLDEST_READING_S),
)
