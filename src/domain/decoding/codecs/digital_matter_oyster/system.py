"""Answers to downlinks (port 2), and what is sent after a start (port 30)."""

from domain.decoding.codec import Decoded, Notice, Snapshot
from domain.decoding.codecs.digital_matter_oyster.bit_reader import BitReader
from domain.decoding.codecs.digital_matter_oyster.positions import wide_battery_mv
from domain.observation import state

_SHORT_ACKNOWLEDGEMENT, _ACKNOWLEDGEMENT, _HELLO = 3, 6, 8
_RESETS = ("power_on", "watchdog", "external", "software")


def acknowledgement(reader: BitReader, network_ns: int) -> Decoded:
    """Read whether a downlink was taken; Oyster3 also says of which port, and who it is."""
    del network_ns
    reader.need(_SHORT_ACKNOWLEDGEMENT)
    sequence, accepted = reader.take(7), reader.flag()
    attributes = {"firmware": f"{reader.take(8)}.{reader.take(8)}"}
    detail = f"sequence {sequence}"
    if reader.has(_ACKNOWLEDGEMENT):
        _add_product(reader, attributes)
        detail = f"{detail} on port {reader.take(8)}"
    return Decoded((), attributes, (Notice("downlink_accepted" if accepted else "downlink_refused", detail),))


def hello(reader: BitReader, network_ns: int) -> Decoded:
    """Read who the tracker is, and why it started."""
    del network_ns
    reader.need(_HELLO)
    attributes = {"firmware": f"{reader.take(8)}.{reader.take(8)}"}
    _add_product(reader, attributes)
    resets = reader.take(8)
    watchdog, initial = reader.take(16), wide_battery_mv(reader.take(8))
    attributes["statistics.initial_battery_v"] = f"{initial / 1_000:g}"
    causes = ",".join(name for bit, name in enumerate(_RESETS) if resets >> bit & 1)
    lifecycle = state("device.lifecycle", "", f"startup:{causes}" if causes else "startup")
    notices = (Notice("watchdog_reason", str(watchdog)),) if watchdog else ()
    return Decoded((Snapshot((lifecycle,)),), attributes, notices)


def _add_product(reader: BitReader, attributes: dict[str, str]) -> None:
    attributes["product"] = str(reader.take(8))
    attributes["hardware"] = str(reader.take(8))
