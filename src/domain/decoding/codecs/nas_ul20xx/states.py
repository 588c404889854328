"""States that status packets give again and again, made once; each pair is false, true."""

from domain.observation import Reading, state


def _pair(measurand: str, channel: str) -> tuple[Reading, Reading]:
    return state(measurand, channel, False), state(measurand, channel, True)  # noqa: FBT003  a state's value, no switch


CLOCK = _pair("device.clock_synchronized", "")
BUS_FAULT = _pair("lamp.fault", "bus")
CONTROLLER_FAULT = _pair("lamp.fault", "controller")
LDR, DIG, RELAY, OPEN_DRAIN = (_pair("device.switch", channel) for channel in ("ldr", "dig", "relay", "open_drain"))
