"""What a stream of packets makes of bytes, however they are divided."""

from collections.abc import Sequence

from adapters.mqtt.packet_stream import PacketStream
from adapters.mqtt.packets import Packet
from tests.unit.adapters.mqtt.inboxes import inbox

LONGEST = 400


class Heard:
    """All that a stream made of what it was fed, with room enough."""

    def __init__(self, pieces: Sequence[bytes], *, most_messages: int = 10_000) -> None:
        self.stream = PacketStream(LONGEST)
        self.inbox = inbox(most_messages=most_messages)
        self.others: list[Packet] = []
        self.messages: list[tuple[str, bytes, bool, int]] = []
        self.most_held = 0
        for piece in pieces:
            self.stream.feed(piece)
            self._take()

    def _take(self) -> None:
        while True:
            self.others += self.stream.take(self.inbox)
            self.most_held = max(self.most_held, len(self.inbox))
            if not self.inbox:
                return
            mids = iter(self.inbox.mids.copy())
            uplinks, _ = self.inbox.take(7)
            self.messages += [(each.topic, each.body, each.mqtt_dup, next(mids)) for each in uplinks]

    @property
    def all(self) -> tuple[object, ...]:
        """All that it came to."""
        return self.messages, self.others, self.stream.violation, self.stream.unread


def divided(stream: bytes, cuts: Sequence[int]) -> list[bytes]:
    """Return ``stream`` in pieces, cut anywhere."""
    places = sorted(cut % (len(stream) + 1) for cut in cuts)
    return [stream[start:end] for start, end in zip([0, *places], [*places, len(stream)], strict=True)]
