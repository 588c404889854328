"""Devices: master data, what must be remembered of them, and their public state."""

from domain.device.device import Device, with_reported
from domain.device.device_entry import DeviceEntry
from domain.device.device_type import DeviceTypeRule, DeviceTypes
from domain.device.entry_check import check_entry
from domain.device.latest import LatestRow, LatestRows, LatestValue, latest_of, latest_values, with_latest
from domain.device.memory import DeviceMemory, Memory
from domain.device.state import DeviceState, FrameSummary, device_state

__all__ = [
    "Device",
    "DeviceEntry",
    "DeviceMemory",
    "DeviceState",
    "DeviceTypeRule",
    "DeviceTypes",
    "FrameSummary",
    "LatestRow",
    "LatestRows",
    "LatestValue",
    "Memory",
    "check_entry",
    "device_state",
    "latest_of",
    "latest_values",
    "with_latest",
    "with_reported",
]
