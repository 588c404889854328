"""What the controller sends on which port: firmware 1.0, firmware 1.1, and either where it is not known which.

A packet starts with a byte that names it; only status and usage of firmware 1.0 do not, having a port each. No two
firmwares use the same port and byte for different packets, so that a device of unknown firmware is read all the same.
"""

from collections.abc import Callable, Mapping

from msgspec import Struct

from domain.decoding.byte_reader import ByteReader
from domain.decoding.codec import Context, Decoded, Payload
from domain.decoding.codecs.nas_ul20xx import (
    alerts,
    clearing,
    commands,
    inputs,
    location,
    multicast,
    profiles,
    requests,
    settings,
    system,
)
from domain.decoding.codecs.nas_ul20xx.status import status
from domain.decoding.codecs.nas_ul20xx.status_1_1 import status_1_1
from domain.decoding.codecs.nas_ul20xx.usage import usage, usage_1_1
from domain.decoding.refusals import malformed, unknown_f_port, unknown_packet

Packet = Callable[[ByteReader], Decoded]
"""Reads a packet from behind its name, as far as it goes."""

CONFIGURATION_PORT = 50
_REQUESTS, _CONTROL, _COMMANDS, _ALERTS, _SYSTEM = 49, 51, 60, 61, 99
CHAINED = 0xFE

_WHOLE_1_0: Mapping[int, Packet] = {24: status, 25: usage}
_WHOLE_1_1: Mapping[int, Packet] = {23: status_1_1, 26: usage_1_1}

_SHARED: Mapping[tuple[int, int], Packet] = {
    (_REQUESTS, 0x01): requests.requested("ldr"),
    (_REQUESTS, 0x03): requests.requested("dig"),
    (_REQUESTS, 0x07): requests.requested("status"),
    (_REQUESTS, 0x09): requests.requested("time"),
    (_REQUESTS, 0x0B): requests.requested("usage"),
    (_REQUESTS, 0x0D): requests.requested("boot_delay"),
    (_REQUESTS, 0x15): requests.requested("status_led"),
    (_REQUESTS, 0x16): requests.requested("metering_alert"),
    (_REQUESTS, 0x52): requests.multicast_requested,
    (CONFIGURATION_PORT, 0x01): inputs.light_thresholds,
    (CONFIGURATION_PORT, 0x03): inputs.digital_input,
    (CONFIGURATION_PORT, 0x05): profiles.open_drain_steps,
    (CONFIGURATION_PORT, 0x07): settings.status_interval,
    (CONFIGURATION_PORT, 0x0B): settings.usage_interval,
    (CONFIGURATION_PORT, 0x0D): settings.boot_delay,
    (CONFIGURATION_PORT, 0x15): settings.status_led,
    (CONFIGURATION_PORT, 0x16): settings.metering_alert,
    (_CONTROL, 0xFF): requests.commanded("firmware_update_entered"),
    (_COMMANDS, 0x01): commands.manual_dimming,
    (_COMMANDS, 0x03): commands.dali_query,
    (_COMMANDS, 0x04): commands.dali_command,
    (_COMMANDS, 0x07): commands.memory_read,
    (_COMMANDS, 0x08): commands.memory_written,
    (_COMMANDS, 0x09): commands.timed_dimming,
    (_COMMANDS, 0x0C): commands.open_drain,
    (_ALERTS, 0x80): alerts.digital_input,
    (_ALERTS, 0x81): alerts.light_input,
    (_ALERTS, 0x83): alerts.driver_alert,
    (_ALERTS, 0x84): alerts.metering_alert,
    (_SYSTEM, 0x00): system.boot,
    (_SYSTEM, 0x13): system.downlink_refused,
}
_ONLY_1_0: Mapping[tuple[int, int], Packet] = {
    (_REQUESTS, 0x06): requests.requested("calendar"),
    (_REQUESTS, 0x08): requests.profile_requested,
    (_REQUESTS, 0x0A): requests.requested("default_dim"),
    (_REQUESTS, 0x0C): requests.requested("holiday"),
    (_REQUESTS, 0x0E): requests.requested("defaults"),
    (_REQUESTS, 0x13): requests.requested("location"),
    (CONFIGURATION_PORT, 0x06): location.calendar,
    (CONFIGURATION_PORT, 0x08): profiles.profile,
    (CONFIGURATION_PORT, 0x09): settings.clock,
    (CONFIGURATION_PORT, 0x0A): settings.legacy_defaults,
    (CONFIGURATION_PORT, 0x0C): profiles.holidays,
    (CONFIGURATION_PORT, 0x0E): settings.defaults,
    (CONFIGURATION_PORT, 0x13): location.location,
    (CONFIGURATION_PORT, 0x52): multicast.multicast,
    (CONFIGURATION_PORT, 0xFF): clearing.cleared_1_0,
    (_COMMANDS, 0x00): commands.driver_status_answer,
    (_COMMANDS, 0x05): commands.report_request,
    (_COMMANDS, 0x06): commands.interfaces,
}
_ONLY_1_1: Mapping[tuple[int, int], Packet] = {
    (_REQUESTS, 0x20): requests.requested("calendar"),
    (_REQUESTS, 0x21): requests.profile_requested,
    (_REQUESTS, 0x22): requests.requested("fade"),
    (_REQUESTS, 0x23): requests.requested("holiday"),
    (_REQUESTS, 0x24): requests.requested("dali_monitor"),
    (_REQUESTS, 0x25): requests.requested("fallback_dim"),
    (_REQUESTS, 0x26): requests.requested("location"),
    (_REQUESTS, 0x27): requests.requested("lumalink"),
    (_REQUESTS, 0x28): requests.requested("dig"),
    (_REQUESTS, 0x29): requests.requested("light_sensor"),
    (_REQUESTS, 0x2A): requests.requested("dim_notify"),
    (_REQUESTS, 0x2B): requests.requested("interface_type"),
    (CONFIGURATION_PORT, 0x09): settings.clock_1_1,
    (CONFIGURATION_PORT, 0x20): location.calendar_1_1,
    (CONFIGURATION_PORT, 0x21): profiles.profile_1_1,
    (CONFIGURATION_PORT, 0x22): settings.fade,
    (CONFIGURATION_PORT, 0x23): profiles.holidays_1_1,
    (CONFIGURATION_PORT, 0x24): settings.dali_monitor,
    (CONFIGURATION_PORT, 0x25): settings.fallback_level,
    (CONFIGURATION_PORT, 0x26): location.location_1_1,
    (CONFIGURATION_PORT, 0x27): settings.lumalink,
    (CONFIGURATION_PORT, 0x28): inputs.digital_input_1_1,
    (CONFIGURATION_PORT, 0x29): inputs.light_sensor,
    (CONFIGURATION_PORT, 0x2A): settings.dim_notification,
    (CONFIGURATION_PORT, 0x2B): settings.interface_type,
    (CONFIGURATION_PORT, 0x52): multicast.multicast_1_1,
    (CONFIGURATION_PORT, 0x53): multicast.frame_counter,
    (CONFIGURATION_PORT, 0xFF): clearing.cleared_1_1,
    (_CONTROL, 0xFE): requests.commanded("restart_commanded"),
    (_COMMANDS, 0x05): commands.report_request_1_1,
    (_COMMANDS, 0x0A): commands.driver_addressed,
    (_COMMANDS, 0x0B): commands.identifying,
    (_ALERTS, 0x85): alerts.light_step,
    (_ALERTS, 0x86): alerts.location,
}
_EITHER: Mapping[tuple[int, int], Packet] = {
    (CONFIGURATION_PORT, 0x52): multicast.multicast_any,
    (CONFIGURATION_PORT, 0xFF): clearing.cleared,
}
"""Where the two firmwares differ by a range of values only."""


class Protocol(Struct, frozen=True):
    """The packets of a firmware."""

    whole: Mapping[int, Packet]
    """By port, where all bytes are one packet."""
    named: Mapping[tuple[int, int], Packet]
    """By port and first byte."""
    chains: bool
    """Whether several settings may come in one packet."""

    def decode(self, payload: Payload, context: Context) -> Decoded:
        """Return what ``payload`` means; nothing comes in pieces, so that ``context`` stays empty.

        Raises:
            Undecodable: port, packet or length are not of this firmware.
        """
        del context
        f_port, reader = payload.f_port, ByteReader(payload.data)
        packet = self.whole.get(f_port)
        if packet is None:
            if f_port not in _NAMED_PORTS:
                raise unknown_f_port(f_port)
            name = reader.u8()
            if name == CHAINED and f_port == CONFIGURATION_PORT and self.chains:
                return self._chained(reader)
            packet = self.named.get((f_port, name))
            if packet is None:
                raise unknown_packet(name, f_port)
        decoded = packet(reader)
        reader.end()
        return decoded

    def _chained(self, reader: ByteReader) -> Decoded:
        """Return what several packets of settings say, one behind the other."""
        found: list[Decoded] = []
        while reader.left:
            packet = self.named.get((CONFIGURATION_PORT, reader.u8()))
            if packet is None:
                raise malformed("a chain has a packet that is unknown")  # which one stays unsaid: keys may be near
            found.append(packet(reader))
        snapshots = tuple(snapshot for each in found for snapshot in each.snapshots)
        if len(snapshots) > 1:
            raise malformed("a chain has several places")
        attributes = {name: text for each in found for name, text in each.attributes.items()}
        return Decoded(snapshots, attributes, tuple(notice for each in found for notice in each.notices))


_NAMED_PORTS = frozenset(port for port, _ in _SHARED)

FIRMWARE_1_0 = Protocol(_WHOLE_1_0, {**_SHARED, **_ONLY_1_0}, chains=False)
FIRMWARE_1_1 = Protocol(_WHOLE_1_1, {**_SHARED, **_ONLY_1_1}, chains=True)
EITHER = Protocol({**_WHOLE_1_0, **_WHOLE_1_1}, {**_SHARED, **_ONLY_1_0, **_ONLY_1_1, **_EITHER}, chains=True)
