"""What luminaire controllers say; a lamp's energy and power are ``electricity.*``."""

from domain.observation.measurand import DataClass, Kind, Measurand, counted, sensed

_CITY = DataClass.INFRASTRUCTURE

LAMP = (
    Measurand("lamp.on", "{state}", Kind.STATE, _CITY),
    sensed("lamp.dim_level", "%", _CITY, 0, 100),
    Measurand("lamp.dim_level.commanded", "%", Kind.STATE, _CITY, exact=False, least=0, most=100),
    # Of the gear: it starts anew when the gear is exchanged.
    counted("lamp.on_time", "s", _CITY),
    counted("lamp.driver.on_time", "s", _CITY),
    # channel lamp, driver, bus, controller or power, with the lamp's address
    Measurand("lamp.fault", "{state}", Kind.STATE, _CITY),
    # The sensor is not calibrated: a number, no lux.
    sensed("lamp.ambient_light.raw", "1", _CITY, 0, 255),
)
