"""Numbers of scripts as exact decimals, and the factors between units."""

import re
from decimal import Context, Decimal, Inexact, localcontext

from domain.errors import InvalidValue

_WRITTEN = re.compile(r"[+-]?\d{1,30}(?:\.\d{1,30})?")
"""How scripts write numbers as text (``toFixed``)."""
_FLOAT_DIGITS = 15
"""A 64-bit float keeps 15 decimal digits; what a script prints beyond them (0.30000000000000004) it made up itself."""
_ROUNDING = Context(prec=_FLOAT_DIGITS)
_EXACT = Context(prec=400)
"""Room for every digit of a product."""

_UNITS: dict[str, tuple[str, str]] = {
    # energy, in joules: 1 W.h = 3600 J
    "J": ("J", "1"),
    "kJ": ("J", "1e3"),
    "MJ": ("J", "1e6"),
    "GJ": ("J", "1e9"),
    "W.h": ("J", "3600"),
    "kW.h": ("J", "3.6e6"),
    "MW.h": ("J", "3.6e9"),
    "V.A{reactive}.h": ("varh", "1"),
    "kV.A{reactive}.h": ("varh", "1e3"),
    "A.h": ("Ah", "1"),
    "mA.h": ("Ah", "1e-3"),
    "W": ("W", "1"),
    "mW": ("W", "1e-3"),
    "kW": ("W", "1e3"),
    "V.A{reactive}": ("var", "1"),
    "kV.A{reactive}": ("var", "1e3"),
    "V.A": ("VA", "1"),
    "kV.A": ("VA", "1e3"),
    "V": ("V", "1"),
    "mV": ("V", "1e-3"),
    "A": ("A", "1"),
    "mA": ("A", "1e-3"),
    "Hz": ("Hz", "1"),
    "mL": ("L", "1e-3"),
    "dL": ("L", "0.1"),
    "L": ("L", "1"),
    "hL": ("L", "100"),
    "m3": ("L", "1e3"),
    "L/h": ("L/h", "1"),
    "L/min": ("L/h", "60"),
    "L/s": ("L/h", "3600"),
    "m3/h": ("L/h", "1e3"),
    "mbar": ("bar", "1e-3"),
    "bar": ("bar", "1"),
    "Pa": ("bar", "1e-5"),
    "hPa": ("bar", "1e-3"),
    "kPa": ("bar", "0.01"),
    "Cel": ("Cel", "1"),
    "dCel": ("Cel", "0.1"),
    "cCel": ("Cel", "0.01"),
    "ms": ("s", "1e-3"),
    "s": ("s", "1"),
    "min": ("s", "60"),
    "h": ("s", "3600"),
    "d": ("s", "86400"),
    "ns": ("s", "1e-9"),
    "a": ("a", "1"),
    "%": ("1", "0.01"),
    "1": ("1", "1"),
    "km/h": ("km/h", "1"),
    "m/s": ("km/h", "3.6"),
    "[kn_i]": ("km/h", "1.852"),
    "deg": ("deg", "1"),
    "m": ("m", "1"),
    "dB": ("dB", "1"),
    "dB{mW}": ("dBm", "1"),
}
"""What each unit (UCUM) measures, and how much of it."""
_AS_PEOPLE_WRITE = {
    "Wh": "W.h",
    "kWh": "kW.h",
    "MWh": "MW.h",
    "varh": "V.A{reactive}.h",
    "kvarh": "kV.A{reactive}.h",
    "Ah": "A.h",
    "mAh": "mA.h",
    "var": "V.A{reactive}",
    "kvar": "kV.A{reactive}",
    "VA": "V.A",
    "kVA": "kV.A",
    "l": "L",
    "ml": "mL",
    "m³": "m3",
    "m^3": "m3",
    "l/h": "L/h",
    "m³/h": "m3/h",
    "°C": "Cel",
    "dBm": "dB{mW}",
    "kn": "[kn_i]",
    "°": "deg",
}


def factor_between(unit: str, wanted: str) -> Decimal:
    """Return by what a number in ``unit`` is to be multiplied to be one in ``wanted`` (UCUM, or as people write it).

    Raises:
        InvalidValue: the unit is unknown, measures something else, or no decimal number does it exactly.
    """
    unit = _AS_PEOPLE_WRITE.get(unit, unit)
    if unit == wanted:
        return Decimal(1)
    found, target = _UNITS.get(unit), _UNITS.get(wanted)
    fitting = [] if target is None else [each for each, (measures, _) in _UNITS.items() if measures == target[0]]
    if found is None or target is None or unit not in fitting:
        remedy = f"one of {', '.join(fitting)} expected" if fitting else f"{wanted!r} or no unit expected"
        raise InvalidValue(remedy, field="unit", value=unit)
    try:
        with localcontext(Context(prec=60, traps=[Inexact])):
            return Decimal(found[1]) / Decimal(target[1])
    except Inexact:
        message = f"no decimal factor makes {wanted} of it; map the raw count, and its volume or energy by the registry"
        raise InvalidValue(message, field="unit", value=unit) from None


def number(value: object, digits: int | None = None) -> Decimal | None:
    """Return the number that a script gave, as the decimal that it meant; None: it gave none.

    Args:
        value: a JSON number, or a number written as text.
        digits: how many the device has behind the point; what a script prints beyond them is rounded away.
    """
    if isinstance(value, str):
        given = value.strip()
        value = Decimal(given) if _WRITTEN.fullmatch(given) else None
    if isinstance(value, Decimal):
        exact = _meant(value)
    elif isinstance(value, int) and not isinstance(value, bool):
        exact = Decimal(value)
    else:
        return None
    return exact if digits is None else exact.quantize(Decimal(1).scaleb(-digits), context=_EXACT)


def product(value: Decimal, factor: Decimal) -> Decimal:
    """Return the product with all its digits."""
    return _EXACT.multiply(value, factor)


def whole(value: Decimal) -> tuple[int, int]:
    """Return ``value`` as a whole number and the power of ten that it counts."""
    sign, figures, exponent = value.as_tuple()
    count = int("".join(map(str, figures)))
    return (-count if sign else count), int(exponent)


def _meant(value: Decimal) -> Decimal:
    return _ROUNDING.plus(value) if len(value.as_tuple().digits) > _FLOAT_DIGITS else value
