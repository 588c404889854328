"""``status``, ``location`` and ``log``: what the server itself says of a device."""

from msgspec.json import Decoder

from adapters.chirpstack.events import Event, Located, Log, LogContext, Status
from adapters.chirpstack.frames import EUI_PATH, network_ns
from adapters.json_envelope.fields import device_of
from adapters.json_envelope.malformed import malformed_field
from adapters.json_envelope.place import position_of
from application.ports.uplink_log import RawUplink
from domain.observation import Reading, gauge, position, state
from domain.radio import Ignored, ServerNotice, ServerReport

_MOST_DETAIL = 500
"""Characters of a log line that are kept."""
_MAX_F_CNT = 2**32 - 1
_F_CNT_DIGITS = 10
_SOURCES = {
    "GPS": "gnss",
    "CONFIG": "configured",
    "GEO_RESOLVER_TDOA": "tdoa",
    "GEO_RESOLVER_RSSI": "rssi",
    "GEO_RESOLVER_GNSS": "gnss",
    "GEO_RESOLVER_WIFI": "wifi",
}
"""``common.LocationSource``."""
_LEVELS = {"": "info", "INFO": "info", "WARNING": "warning", "ERROR": "error"}
"""``integration.LogLevel``; its zero, which was left out before 4.1, is INFO."""

_STATUS, _LOCATED, _LOG = Decoder(Status), Decoder(Located), Decoder(Log)


def read_status(raw: RawUplink, application: str) -> ServerReport:
    """Return what a device answered when asked how it is."""
    status = _STATUS.decode(raw.body)
    return _report(raw, status, application, _health(status))


def read_location(raw: RawUplink, application: str) -> ServerReport | Ignored:
    """Return where the server's geolocation found a device; 0/0 is no place."""
    located = _LOCATED.decode(raw.body)
    place = position_of(located.location, _SOURCES) if located.location is not None else None
    device_of(located.device_info.dev_eui, EUI_PATH)
    if place is None:
        return Ignored("location_without_place")
    return _report(raw, located, application, (position("", place),))


def read_log(raw: RawUplink, application: str) -> ServerNotice:
    """Return a line of the server's log, with the counter of the frame it speaks of."""
    line = _LOG.decode(raw.body)
    info = line.device_info
    level = _LEVELS.get(line.level)
    if level is None:
        raise malformed_field("$.level", line.level, "INFO, WARNING or ERROR")
    return ServerNotice(
        device_of(info.dev_eui, EUI_PATH),
        raw.source,
        info.application_id or application,
        info.device_name,
        network_ns(raw, line),
        level,
        line.code.lower() or "unknown",
        line.description[:_MOST_DETAIL],
        _f_cnt(line.context) if line.context is not None else None,
    )


def _report(raw: RawUplink, event: Event, application: str, readings: tuple[Reading, ...]) -> ServerReport:
    info = event.device_info
    return ServerReport(
        device_of(info.dev_eui, EUI_PATH),
        raw.source,
        info.application_id or application,
        info.device_name,
        network_ns(raw, event),
        readings,
    )


def _health(status: Status) -> tuple[Reading, ...]:
    """Return link margin and power supply; a battery level only where the device could measure one.

    DevStatusAns gives one octet for both: 0 external power, 255 unable to measure, else the level (TS001-1.0.4, 5.5).
    """
    margin = gauge("radio.downlink.snr", "", status.margin)
    if status.battery_level_unavailable:
        return (margin,)
    powered = state("device.powered", "", status.external_power_source)
    if status.external_power_source:
        return margin, powered
    return margin, powered, gauge("device.battery.level", "", status.battery_level)


def _f_cnt(context: LogContext) -> int | None:
    text = context.f_cnt_up
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _F_CNT_DIGITS and int(text) <= _MAX_F_CNT):
        raise malformed_field("$.context.f_cnt_up", text, "a frame counter as text")
    return int(text)
