"""Devices that no other test has, so that suites can share a store that keeps everything."""

from uuid import uuid4

from domain.identifiers import DevEui


def a_fresh_device() -> DevEui:
    """Return a DevEUI that nobody used before."""
    return DevEui(uuid4().hex[:16])
