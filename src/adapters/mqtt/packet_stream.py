"""The bytes that a broker sends, cut into packets: a whole buffer at once, messages straight into the inbox.

Whatever comes, nothing is raised: what is not MQTT 3.1.1 ends the stream with a reason (section 4.8), after all that
came before it. Memory is bounded by what was fed at once and by the longest packet, which is known, and refused, from
its first bytes. Where the bytes were divided on their way makes no difference.
"""

from sys import maxsize

from adapters.mqtt.inbox import Inbox
from adapters.mqtt.packets import CONNACK, PINGRESP, PUBACK, PUBLISH, SUBACK, Packet
from application.ports.uplink_log import RawUplink

_KIND, _QOS, _QOS_1, _DUP = 0xF0, 0x06, 0x02, 0x08
"""Parts of the first byte (section 2.2)."""
_MORE, _SEVEN_BITS = 0x80, 0x7F
_LONGEST_LENGTH = 4
"""Bytes of a length (section 2.2.3)."""
_WITHOUT_END = (maxsize, maxsize)
_LENGTHS = {CONNACK: (2, 2), PUBACK: (2, 2), SUBACK: (3, 4_096), PINGRESP: (0, 0)}
"""Fewest and most bytes of what is no message; a SUBACK has one for each topic filter, and two."""


class _NotUnderstood(Exception):
    """What came is not MQTT 3.1.1, or more than we take."""


class PacketStream:
    """What one connection reads; of a message, ``longest`` bytes are taken and no more."""

    def __init__(self, longest: int) -> None:
        self.violation = ""
        """Once it is not empty: what was not understood; nothing is read after it."""
        self._longest = longest
        self._greeted = False
        self._data = b""
        self._at = 0
        self._begun = bytearray()
        """A packet of which more is to come; then there is no other data."""
        self._needed = 0
        """Bytes that it must have before it is worth another look."""

    @property
    def unread(self) -> int:
        """How many bytes were fed and not yet taken."""
        return len(self._data) - self._at + len(self._begun)

    def feed(self, data: bytes) -> None:
        """Add what was read."""
        if self.violation:
            return
        if self._begun:
            if len(self._begun) + len(data) < self._needed:
                self._begun += data
                return
            data = b"".join((self._begun, data))
            self._begun = bytearray()
        elif self._at < len(self._data):
            data = self._data[self._at :] + data
        self._data, self._at = data, 0

    def take(self, inbox: Inbox | None, *, at_any_rate: bool = False) -> list[Packet]:
        """Move messages into ``inbox`` until it is full; return what else came.

        Args:
            inbox: None: no messages are expected.
            at_any_rate: though it is full: there will be no other time.
        """
        others: list[Packet] = []
        try:
            while self._at < len(self._data):
                if self._data[self._at] & _KIND != PUBLISH or inbox is None or not self._greeted:
                    needed = self._take_other(others)
                elif inbox.full and not at_any_rate:
                    break
                else:
                    needed = self._take_messages(inbox, _WITHOUT_END if at_any_rate else inbox.room)
                if needed:
                    self._keep_begun(needed)
        except _NotUnderstood as error:
            self.forget()
            self.violation = str(error)
        return others

    def forget(self) -> None:
        """Drop what was fed and not yet taken."""
        self._data, self._at, self._begun = b"", 0, bytearray()

    def _keep_begun(self, needed: int) -> None:
        self._begun, self._needed = bytearray(self._data[self._at :]), needed
        self._data, self._at = b"", 0

    def _take_messages(self, inbox: Inbox, room: tuple[int, int]) -> int:
        """Take messages as long as they follow each other and there is room; return how many bytes the next needs.

        Everything that is done for each message is done here.
        """
        data, at, end = self._data, self._at, len(self._data)
        source, server, now_us = inbox.source, inbox.network_server, inbox.now_us
        uplinks, mids = inbox.uplinks, inbox.mids
        before, (messages, size) = len(uplinks), room
        most, left = before + messages, size
        try:
            while at < end and (first := data[at]) & _KIND == PUBLISH and len(uplinks) < most and left > 0:
                qos = first & _QOS
                if qos > _QOS_1:
                    raise _NotUnderstood("a message of a QoS that was not asked for")
                start, stop = self._bounds(data, at)
                if stop > end:
                    return stop - at
                topic_at = start + 2
                body_at = topic_end = topic_at + int.from_bytes(data[start:topic_at], "big")
                mid = 0
                if qos:
                    body_at += 2
                    mid = int.from_bytes(data[topic_end:body_at], "big")
                if body_at > stop or (qos and not mid):
                    raise _NotUnderstood("a message without a whole topic, or at QoS 1 without a packet identifier")
                try:
                    topic = data[topic_at:topic_end].decode()
                except UnicodeDecodeError:  # a broker must not send it (section 1.5.3); the message may be good
                    topic = ""
                uplinks.append(RawUplink(source, server, topic, data[body_at:stop], now_us, first & _DUP != 0))
                mids.append(mid)
                left -= stop - body_at
                at = stop
        finally:
            self._at = at
            inbox.note(len(uplinks) - before, size - left)
        return 0

    def _take_other(self, others: list[Packet]) -> int:
        """Take one packet that is no message; return how many bytes it needs, if it is not whole."""
        kind, at = self._data[self._at], self._at
        if kind not in _LENGTHS or self._greeted == (kind == CONNACK):
            raise _NotUnderstood(f"a packet that begins with {kind:#04x}, which is not expected")
        start, stop = self._bounds(self._data, at)
        if stop > len(self._data):
            return stop - at
        packet = Packet(kind, self._data[start:stop])
        if not packet.is_sound:
            raise _NotUnderstood(f"a packet that begins with {kind:#04x} and makes no sense")
        self._greeted = True
        self._at = stop
        others.append(packet)
        return 0

    def _bounds(self, data: bytes, at: int) -> tuple[int, int]:
        """Return where the body of the packet at ``at`` starts and stops; behind all data, as long as it is not known.

        Raises:
            _NotUnderstood: such a packet is longer than it may be.
        """
        lengths = data[at + 1 : at + 1 + _LONGEST_LENGTH]
        length = shift = 0
        for byte in lengths:
            length |= (byte & _SEVEN_BITS) << shift
            shift += 7
            if byte < _MORE:
                self._check_length(data[at], length)
                start = at + 1 + shift // 7
                return start, start + length
        if len(lengths) == _LONGEST_LENGTH:
            raise _NotUnderstood("a packet whose length is longer than 4 bytes")
        return 0, len(data) + 1

    def _check_length(self, kind: int, length: int) -> None:
        fewest, most = _LENGTHS.get(kind, (2, self._longest))
        if length < fewest:
            raise _NotUnderstood(f"a packet that begins with {kind:#04x} and has {length} bytes")
        if length > most:
            raise _NotUnderstood(f"a packet of {length:,} bytes, at most {most:,} are taken")
