"""Channels: which of a device's values a reading is, when it has several of one measurand.

A channel is empty (the device itself) or dot-joined tokens of a closed grammar, such as ``t1``, ``ch2.l3``,
``dali4.load``. Codecs write channels as constants or from counted parts; their tests check them here.
"""

import re

from domain.errors import InvalidValue

_COUNTED = re.compile(r"(?:t|ch|pulse|dali|dali_group|trigger)\d{1,3}|l[1-3]")
"""Tariff, circuit or data channel, pulse input, lamp address, group of lamps, trigger input by number; phases."""
_WORDS = frozenset(
    (
        # phases: neutral, all together
        *("n", "sum"),
        # lamp addresses and sides
        *("dali_all", "analog", "internal", "load"),
        # buses, extremes and averages, directions
        *("mbus", "min", "max", "avg", "up", "down"),
        # inputs and outputs
        *("relay", "open_drain", "ldr", "dig"),
        # what is counted
        *("trips", "fix_ok", "fix_failed", "files_ok", "files_bad"),
        # axes; pipes of a heat meter, and the cold that it takes
        *("pitch", "roll", "flow", "return", "cooling"),
        # alarms: electricity, water, lamp, device
        *("voltage", "current", "power", "power_factor"),
        *("leak", "burst", "reverse_flow", "dry", "frost", "tamper"),
        *("lamp", "driver", "bus", "controller"),
        *("sos", "man_down", "button", "level", "magnetic"),
        # what a meter reports of its own doings: settings touched, supply failed, memory full
        *("clock_changed", "ct_changed", "vt_changed", "pulse_width_changed", "pulse_rate_changed"),
        *("power_failed", "logbook_full"),
        # was so within the last 24 hours, and may be over
        "latched",
    )
)


def channel(text: str) -> str:
    """Return ``text`` if it is a channel.

    Raises:
        InvalidValue: a token is not of the grammar.
    """
    for token in text.split(".") if text else ():
        if token not in _WORDS and not _COUNTED.fullmatch(token):
            raise InvalidValue(f"{text!r} is no channel: {token!r} is unknown", field="channel", value=text)
    return text
