"""What an observer can know of the messages that are handed over to him, and nothing before they are."""

from adapters.simulated_city.carried import Carried
from adapters.simulated_city.device import CityDevice
from adapters.simulated_city.frame import Meaning
from adapters.simulated_city.network_servers.network_server import Health
from adapters.simulated_city.truth import ExpectedPoison, ExpectedReading, Truth

_HISTORY_KEPT = 240
"""Instants: ten days of hours, since a frame may come five frames of two days late."""


class Observer:
    """Counts frames in the truth of their sessions, and tells readings and poison."""

    def __init__(self, truth: Truth | None) -> None:
        self._truth = truth

    def hears(self, carried: Carried) -> None:
        """Take a frame in the order in which it was sent."""
        carried.session.last = carried.f_cnt
        self._received(carried)

    def hears_again_or_late(self, held: Carried) -> None:
        """Take what was held back: a copy, a line of a log, or a frame after others."""
        session = held.session
        if held.logged:
            session.logged += 1
        elif held.repeat:
            session.duplicate += 1
            session.heard_ns = max(session.heard_ns, held.network_ns)
        else:
            session.late += held.is_late
            session.last = max(session.last, held.f_cnt)
            self._received(held)

    def reads_of(self, device: CityDevice, health: Health, network_ns: int) -> None:
        """Take what a network server says of how a device is."""
        on_mains = health.battery is None
        self._tell(device, ("radio.downlink.snr", "", network_ns, float(health.margin), 0))
        self._tell(device, ("device.powered", "", network_ns, on_mains, 0))
        if health.battery is not None:
            self._tell(device, ("device.battery.level", "", network_ns, health.battery, 0))

    def cannot_use(self, carried: Carried, broken: str, how: str) -> None:
        """Take a message whose envelope or payload is broken."""
        if self._truth is not None:
            topic, _ = carried.message
            self._truth.tell(ExpectedPoison(carried.device.dev_eui, topic, broken, how, carried.f_cnt))

    def _received(self, carried: Carried) -> None:
        session, frame = carried.session, carried.frame
        session.received += 1
        session.heard_ns = max(session.heard_ns, carried.network_ns)
        session.empty += not frame.payload
        if frame.undecodable:
            session.undecodable += 1
            self.cannot_use(carried, "payload", frame.undecodable)
        for meaning in frame.meanings:
            self._tell(carried.device, meaning)
        for meaning in _news(carried):
            self._tell(carried.device, meaning)

    def _tell(self, device: CityDevice, meaning: Meaning) -> None:
        if self._truth is not None:
            measurand, channel, event_ns, value, exponent = meaning
            self._truth.tell(ExpectedReading(device.dev_eui, measurand, channel, event_ns, value, exponent))


def _news(carried: Carried) -> list[Meaning]:
    """Return what of a frame's history was not told by others that were handed over before it."""
    history, device = carried.frame.history, carried.device
    if not history:
        return []
    news = [meaning for meaning in history if meaning[2] not in device.told_ns]
    known = device.told_ns.union(meaning[2] for meaning in news)
    device.told_ns = frozenset(sorted(known)[-_HISTORY_KEPT:])
    return news
