"""Where a device is and how it moves."""

from domain.observation.measurand import DataClass, Kind, Measurand, sensed

_LOCATION = DataClass.LOCATION

POSITION_AND_MOTION = (
    # WGS 84; 10^-7 deg are 11 mm. Its plausible range is the earth without 0/0 (domain.observation.plausibility).
    Measurand("position", "deg", Kind.COMPOSITE, _LOCATION, -7, "°"),
    Measurand("position.fix", "{state}", Kind.STATE, _LOCATION),
    Measurand("motion.moving", "{state}", Kind.STATE, _LOCATION),
    sensed("motion.speed", "km/h", _LOCATION, 0, 300),
    sensed("motion.heading", "deg", _LOCATION, 0, 360, "°"),
    # channel pitch or roll
    sensed("motion.tilt", "deg", _LOCATION, -180, 180, "°"),
)
