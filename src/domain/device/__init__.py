"""Devices: master data, what must be remembered of them, and their public state."""

from domain.device.device import Device, with_reported
from domain.device.device_entry import DeviceEntry
from domain.device.device_type import DeviceTypeRule, DeviceTypes
from domain.device.entry_check import check_entry
from domain.device.memory import DeviceMemory, LatestValue, Memory, with_latest
from domain.device.state import DeviceState, FrameSummary, device_state

__all__ = [
    "Device",
    "DeviceEntry",
    "DeviceMemory",
    "DeviceState",
    "DeviceTypeRule",
    "DeviceTypes",
    "FrameSummary",
    "LatestValue",
    "Memory",
    "check_entry",
    "device_state",
    "with_latest",
    "with_reported",
]
