"""The OBIS code of a reading, as meter operators and billing know it.

Source: IEC 62056-6-1 and EN 13757-1 (value groups A medium, B channel, C what is measured, D how, E tariff). Group B
is the circuit of our channel (``ch2``), group E its tariff (``t1``); without them both are 0, the total.
"""

import re

from domain.observation.catalogue import MEASURANDS, measurand

_COUNTED = re.compile(r"(ch|t)(\d+)", re.ASCII)
_WHOLE = "sum"
"""All phases together, which is what a code without a phase says."""


def obis(name: str, channel: str) -> str | None:
    """Return the code of a measurand on a channel, such as ``1-0:1.8.1``; None: there is none for it.

    Raises:
        InvalidValue: ``name`` is no measurand.
    """
    groups, part = {"ch": "0", "t": "0"}, ""
    for word in channel.split(".") if channel else ():
        found = _COUNTED.fullmatch(word)
        if found is not None:
            groups[found[1]] = found[2]
        elif word != _WHOLE:
            part = f"{part}.{word}" if part else word
    code = dict(measurand(name).obis).get(part)
    if code is None or (groups["t"] != "0" and "e" not in code):
        return None
    return code.replace("b", groups["ch"]).replace("e", groups["t"])


_ELECTRICITY = re.compile(r"1-b:(\d+)\.(\d+)\.[0e]")
ELECTRICITY_BY_CODE = {
    (int(found[1]), int(found[2])): (row.name, part)
    for row in MEASURANDS.values()
    for part, code in row.obis
    if (found := _ELECTRICITY.fullmatch(code))
}
"""Measurand and phase by the value groups C and D."""


def electricity_of(what: int, how: int) -> tuple[str, str] | None:
    """Return measurand and phase that the groups C and D name of an electricity meter; None: no measurand of ours."""
    return ELECTRICITY_BY_CODE.get((what, how))
