"""Which registers of a metering point are asked for."""

from collections.abc import Iterable

from msgspec import Struct

from domain.errors import InvalidValue
from domain.meter import History, MeteringPoint, RegisterName, billed_measurand
from domain.observation import Kind, measurand


class RegisterChoice(Struct, frozen=True):
    """Which register is asked for, and how its value at a boundary is found."""

    max_age_ns: int
    """How old the last reading before a boundary may be."""
    measurand: str = ""
    """Empty: the one that the point's medium is billed by."""
    channel: str | None = None
    """Such as the tariff ``t1``; None: every register of the measurand."""
    interpolate: bool = False


def measurand_of(choice: RegisterChoice, point: MeteringPoint) -> str:
    """Return what is asked of ``point``.

    Raises:
        InvalidValue: it is no register of the catalogue.
    """
    name = choice.measurand or billed_measurand(point.medium)
    if measurand(name).kind is not Kind.REGISTER:
        raise InvalidValue(f"{name!r} is no register: it has no consumption", field="measurand", value=name)
    return name


def registers(history: History, name: str, channel: str | None) -> Iterable[RegisterName]:
    """Return the registers of a point that are asked for; at least one, if only to say why it has no value."""
    if channel is not None:
        return [RegisterName(name, channel)]
    return sorted(each for each in history.courses if each.measurand == name) or [RegisterName(name)]
