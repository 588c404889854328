"""What luminaire controllers say; a lamp's energy and power are ``electricity.*``."""

from domain.observation.measurand import DataClass, Kind, Measurand

_CITY = DataClass.INFRASTRUCTURE

LAMP = (
    Measurand("lamp.on", "{state}", Kind.STATE, _CITY),
    Measurand("lamp.dim_level", "%", Kind.GAUGE, _CITY, exact=False),
    Measurand("lamp.dim_level.commanded", "%", Kind.STATE, _CITY, exact=False),
    Measurand("lamp.on_time", "s", Kind.REGISTER, _CITY),
    Measurand("lamp.driver.on_time", "s", Kind.REGISTER, _CITY),
    # channel lamp, driver, bus, controller or power
    Measurand("lamp.fault", "{state}", Kind.STATE, _CITY),
    # The sensor is not calibrated: a number, no lux.
    Measurand("lamp.ambient_light.raw", "1", Kind.GAUGE, _CITY, exact=False),
)
