"""Where a device is and how it moves."""

from domain.observation.measurand import DataClass, Kind, Measurand

_LOCATION = DataClass.LOCATION

POSITION_AND_MOTION = (
    # WGS 84; 10^-7 deg are 11 mm
    Measurand("position", "deg", Kind.COMPOSITE, _LOCATION, -7, "°"),
    Measurand("position.fix", "{state}", Kind.STATE, _LOCATION),
    Measurand("motion.moving", "{state}", Kind.STATE, _LOCATION),
    Measurand("motion.speed", "km/h", Kind.GAUGE, _LOCATION, exact=False),
    Measurand("motion.heading", "deg", Kind.GAUGE, _LOCATION, display_unit="°", exact=False),
    # channel pitch or roll
    Measurand("motion.tilt", "deg", Kind.GAUGE, _LOCATION, display_unit="°", exact=False),
)
