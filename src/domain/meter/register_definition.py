"""What a device's counter means: how a number that was sent becomes the register of a meter.

The number itself stays stored as it came; registers are made from it when somebody asks, so that a definition that
is corrected later corrects them all.
"""

from math import gcd

from msgspec import Struct

from domain.dated import dated_key
from domain.errors import InvalidValue
from domain.identifiers import DevEui
from domain.observation import Kind, channel, measurand

UP, DOWN = "up", "down"
PULSES = "meter.pulse_count"


class Ratio(Struct, frozen=True, gc=False, array_like=True):
    """``numerator`` / ``denominator``, such as a current transformer's 250 A / 5 A."""

    numerator: int = 1
    denominator: int = 1


ONE = Ratio()


class RegisterDefinition(Struct, frozen=True, gc=False, omit_defaults=True, tag="register_definition"):
    """What the readings of one measurand and channel of a device mean from ``valid_from_ns`` on."""

    dev_eui: DevEui
    channel: str
    """The device's channel, such as ``pulse1``."""
    valid_from_ns: int
    written_us: int
    measurand: str
    """What the register counts, such as ``water.volume``."""
    source: str = PULSES
    """What the device sends."""
    register_channel: str | None = None
    """Channel of the register at the meter, such as tariff ``t1``; None: the device's, without its input."""
    obis: str = ""
    """Empty: as follows from measurand and channel."""
    factor: Ratio = ONE
    """Units of ``measurand`` for each unit of ``source``: 10 L a pulse, or 1/3 L."""
    index: int | None = None
    """What the meter showed at ``valid_from_ns``, in the measurand's steps; None: not known, registers only count."""
    index_raw: int = 0
    """What the device's counter stood at then, in the source's steps."""
    modulus: int = 0
    """At which the counter goes back to 0, in the source's steps: 2^32, or 10 to the digits shown; 0: never."""
    resolution: int = 1
    """Step of the register, in the measurand's steps; every register is rounded to it, once."""
    direction: str = UP
    """``up``; ``down`` if the counter falls as more is used, as in a meter built in the wrong way round."""
    current_ratio: Ratio = ONE
    voltage_ratio: Ratio = ONE
    """Of the transformers before the meter."""
    ratio_applied: bool = True
    """Whether the device has already multiplied by them."""
    most_per_hour: int = 0
    """More than this (in the measurand's steps) cannot flow; 0: not known."""

    @property
    def key(self) -> str:
        """Device, source, channel and start."""
        return dated_key(f"{self.dev_eui}/{self.source}/{self.channel}", self.valid_from_ns)

    def scale(self) -> Ratio:
        """Return how many of the measurand's steps one step of the source is worth, in lowest terms."""
        numerator, denominator = self.factor.numerator, self.factor.denominator
        if not self.ratio_applied:
            numerator *= self.current_ratio.numerator * self.voltage_ratio.numerator
            denominator *= self.current_ratio.denominator * self.voltage_ratio.denominator
        shift = measurand(self.source).exponent - measurand(self.measurand).exponent
        if shift >= 0:
            numerator *= 10**shift
        else:
            denominator *= 10**-shift
        common = gcd(numerator, denominator)
        return Ratio(numerator // common, denominator // common)


def device_register(dev_eui: DevEui, name: str, of_channel: str) -> RegisterDefinition:
    """Return what a register means that the device sends as the meter shows it, and nobody has defined."""
    return RegisterDefinition(dev_eui, of_channel, 0, 0, name, name)


def check_definition(definition: RegisterDefinition) -> None:
    """Let ``definition`` be used, or not.

    Raises:
        InvalidValue: a name is not of the catalogue or no register, or a number makes no sense.
    """
    for field, name in (("measurand", definition.measurand), ("source", definition.source)):
        if measurand(name).kind is not Kind.REGISTER:
            raise InvalidValue(f"{name!r} is no register", field=field, value=name)
    channel(definition.channel)
    channel(definition.register_channel or "")
    ratios = (definition.factor, definition.current_ratio, definition.voltage_ratio)
    if any(ratio.numerator <= 0 or ratio.denominator <= 0 for ratio in ratios):
        raise InvalidValue("a ratio is not above 0", field="factor", value=str(ratios))
    if definition.direction not in (UP, DOWN):
        raise InvalidValue(f"{definition.direction!r} is neither up nor down", field="direction")
    for field in ("valid_from_ns", "modulus", "most_per_hour", "index_raw"):
        if getattr(definition, field) < 0:
            raise InvalidValue(f"{field} is below 0", field=field, value=str(getattr(definition, field)))
    if definition.resolution < 1:
        raise InvalidValue("resolution is below 1", field="resolution", value=str(definition.resolution))
