"""Frames of devices in the step: first accounted, then read; accounting never depends on decoding."""

from application.ports.uplink_log import RawUplink
from application.processing.batch import NOT_SCRIPTED
from application.processing.known_devices import KnownDevices
from application.processing.payload_reading import (
    PayloadReading,
    Rejected,
    expired,
    is_configured,
    observed,
    placed_by_server,
)
from application.processing.registration import registered, reported
from application.processing.unfinished import Unfinished
from domain.decoding import Context, DeviceFacts
from domain.device import Device, DeviceMemory, DeviceTypes, LatestRows, latest_of
from domain.radio import DayCalendar, Uplink, Verdict, accounted, connection_info, mark_undecodable

_POSITION = "position"
_LATE, _DUPLICATE, _REDELIVERED, _FORGOTTEN = Verdict.LATE, Verdict.DUPLICATE, Verdict.REDELIVERED, Verdict.FORGOTTEN
"""Found once: looking up a member of an enumeration takes Python 3.11 as long as a call does."""

_Meaning = tuple[Device, Context, LatestRows]
"""What a payload changes in the memory of its device."""


class Frames:
    """Knows how devices are typed, how each type speaks, what the registry says of them, and what a day is."""

    def __init__(
        self,
        types: DeviceTypes,
        payloads: PayloadReading,
        registry: KnownDevices,
        calendar: DayCalendar,
        *,
        radio_metadata: bool = True,
    ) -> None:
        self._types = types
        self._payloads = payloads
        self._registry = registry
        self._calendar = calendar
        self._radio_metadata = radio_metadata
        """Whether it is told how each frame reached the network."""

    def take(self, run: Unfinished, offset: int, raw: RawUplink, uplink: Uplink, known: DeviceMemory) -> None:
        """Work a frame into ``run``."""
        found = accounted(uplink, known.accounts, self._calendar)
        verdict, accounts = found.verdict, found.accounts
        device, context, latest = known.device, known.context, known.latest
        said = self._registry.of(uplink.dev_eui)
        # What the registry says of a device's type outweighs what its server says.
        device_type = said.device_type or self._types.of(uplink) or device.device_type
        if device_type != device.device_type or not device.registered_us:
            device = registered(device, uplink, device_type, raw.received_us)
            run.outcome.devices.append(device)
        if verdict is _DUPLICATE:
            run.counts.duplicate += 1
        elif verdict is _REDELIVERED:
            run.counts.redelivered += 1
        else:
            if self._radio_metadata:
                run.outcome.connections.append(connection_info(uplink))
            if verdict is _LATE:
                run.counts.late += 1
            meaning = self._meaning(run, offset, raw, uplink, device, known, said.facts)
            if meaning is not None:
                device, context, latest = meaning
            elif verdict is not _FORGOTTEN:  # which is not counted, and so not counted as undecodable either
                counted = mark_undecodable(accounts[found.source], uplink, self._calendar)
                accounts = {**accounts, found.source: counted}
            if uplink.place is not None:
                latest = _placed(run, raw, uplink, device, latest)
        last_seen_ns, written_us = known.last_seen_ns, known.written_us + 1
        run.outcome.memory[uplink.dev_eui] = DeviceMemory(
            offset,
            device,
            accounts,
            context,
            latest,
            # Written out: two calls of ``max`` cost as much as this struct.
            uplink.network_ns if uplink.network_ns > last_seen_ns else last_seen_ns,  # noqa: FURB136
            raw.received_us if raw.received_us > written_us else written_us,  # noqa: FURB136
        )

    def _meaning(
        self,
        run: Unfinished,
        offset: int,
        raw: RawUplink,
        uplink: Uplink,
        device: Device,
        known: DeviceMemory,
        facts: DeviceFacts,
    ) -> _Meaning | None:
        """Read the payload of a counted frame; None: it cannot be read."""
        if uplink.is_empty:
            run.counts.out += 1
            return device, known.context, known.latest
        # Of its firmware the device itself knows best, then the registry, then the server.
        firmware = device.attributes.get("firmware") or facts.firmware or uplink.firmware
        if firmware != facts.firmware:
            facts = DeviceFacts(firmware, facts.registers, facts.keys)
        device_type, written_us = device.device_type, raw.received_us
        read = self._payloads.read(uplink, device_type, known.context, facts, run.scripted.get(offset, NOT_SCRIPTED))
        if isinstance(read, Rejected):
            run.counts.dead += 1
            run.die(offset, raw, read, uplink.payload, device)
            return None
        run.counts.out += 1
        decoder, decoded = read
        latest = known.latest
        for snapshot in decoded.snapshots:
            latest = run.observe(observed(snapshot, uplink, written_us, device_type, decoder), latest)
        if decoded.attributes and decoded.attributes != device.attributes:
            before, device = device, reported(device, decoded.attributes, written_us)
            if device is not before:
                run.outcome.devices.append(device)
        for notice in decoded.notices:
            run.counts.notices[notice.code] += 1
        for fragment in decoded.expired:
            run.die(offset, raw, expired(fragment, decoder), fragment.data, device)
        return device, decoded.context, latest


def _placed(run: Unfinished, raw: RawUplink, uplink: Uplink, device: Device, latest: LatestRows) -> LatestRows:
    """Take over where the server has the device on its map, once, unless it is known from elsewhere."""
    known = latest_of(latest, _POSITION)
    if known is not None and (known.value == uplink.place or not is_configured(known.value)):
        return latest
    return run.observe(placed_by_server(uplink, raw.received_us, device.device_type), latest)
