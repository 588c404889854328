"""Why a lamp is at its level: the number of a profile, or what overrides it."""

_SINCE_1_0 = {
    246: "driver_not_found",
    250: "ldr_input_active",
    252: "dig_input_active",
    253: "manual_active",
    255: "unknown",
}
_OVERRIDES_1_0 = {
    **_SINCE_1_0,
    247: "calendar_active",
    248: "init_active",
    249: "profile_not_active",
    254: "value_differ",
}
_FIRST_OVERRIDE_1_0 = 240
"""Below: the version of the profile in force."""

_REASONS_1_1 = {
    **_SINCE_1_0,
    **{number: f"profile_{number}" for number in range(8)},
    0x21: "calendar_day",
    0x22: "calendar_night",
    **{0x30 + step: f"calendar_dawn_step_{step}" for step in range(16)},
    **{0x50 + step: f"calendar_dusk_step_{step}" for step in range(16)},
    0x70: "dig_inactive",
    0x71: "dig_active",
    **{0x80 + step: f"light_monitor_step_{step}" for step in range(8)},
    245: "relay_off",
    248: "fallback_active",
}


def override_1_0(version: int) -> str:
    """Return what overrides the profile; empty: nothing does, and ``version`` is the profile's."""
    if version < _FIRST_OVERRIDE_1_0:
        return ""
    return _OVERRIDES_1_0.get(version, f"0x{version:02x}")


def reason_1_1(code: int) -> str:
    """Return why a lamp is at its level."""
    return _REASONS_1_1.get(code, f"0x{code:02x}")
