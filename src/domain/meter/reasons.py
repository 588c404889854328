"""Why a value is not simply a measured and billable one; the words are part of the API."""

from enum import StrEnum

from domain.meter.counting import Move


class Status(StrEnum):
    """How a value came about."""

    MEASURED = "measured"
    SUBSTITUTE = "substitute"
    """Formed by a stated method."""
    PROVISIONAL = "provisional"
    """What is known so far: it may still change."""
    INCOMPLETE = "incomplete"
    """There is no value."""


MSCONS = {Status.MEASURED: "220", Status.SUBSTITUTE: "67", Status.PROVISIONAL: "Z18", Status.INCOMPLETE: ""}
"""Status of a quantity in the German market's metering messages (EDI@Energy MSCONS, segment QTY): true value,
substitute value, provisional value."""


class Reason(StrEnum):
    """What is the matter with a value."""

    NOT_YET = "not_yet"
    """Its end lies in the future."""
    NO_METER = "no_meter"
    """No meter hung at the point."""
    NO_DEVICE = "no_device"
    """No device read the meter."""
    NO_READING = "no_reading"
    """Nothing was read from this meter up to the instant."""
    NO_DEFINITION = "no_definition"
    """The device counts pulses, and nobody has entered what one is worth."""
    READING_TOO_OLD = "reading_too_old"
    """The last reading is older than it may be."""
    READING_MISSING = "reading_missing"
    """A reading that should have come between the last one and the instant did not; it may still."""
    NO_READING_AFTER = "no_reading_after"
    """Nothing was read after the instant yet, so nothing can be interpolated."""
    DEVICE_FLAGGED = "device_flagged"
    """The device itself says that a register is not to be relied on."""
    ENTERED = "entered"
    """A register was not read but entered as a substitute."""
    BACKWARD_JUMP = "backward_jump"
    """The counter jumped back: the device was reset, and what was used meanwhile is not known."""
    TOO_FAST = "too_fast"
    """The counter jumped further on than can have flowed."""
    EXCHANGE_UNREAD = "exchange_unread"
    """The meter was exchanged, and what the old or the new one showed then is not entered."""
    REGISTER_LOST = "register_lost"
    """Since a jump nobody has entered what the meter shows."""
    NO_INDEX = "no_index"
    """Nobody has entered what the meter showed when its device began to count."""
    METER_CONTRADICTED = "meter_contradicted"
    """The device reads another meter than the registry says."""
    CALIBRATION_EXPIRED = "calibration_expired"
    """The meter's calibration was over before the end."""
    CALIBRATION_UNKNOWN = "calibration_unknown"
    """Nobody has entered how long the calibration is valid."""
    ELECTRICITY_OVER_LORAWAN = "electricity_over_lorawan"
    """Electricity is billed only from what a certified smart meter gateway sends (MsbG)."""
    NOT_FINAL = "not_final"
    """The value is provisional or missing."""


JUMPS = {Move.BACKWARD_JUMP: Reason.BACKWARD_JUMP, Move.TOO_FAST: Reason.TOO_FAST}
