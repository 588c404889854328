"""A message read as one number, from its lowest bit up."""

from domain.decoding.refusals import too_short

_BITS_OF_A_BYTE = 8


class BitReader:
    """What is left of a message; reading past its end is a refusal."""

    __slots__ = ("_data", "_number", "_position")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._number = int.from_bytes(data, "little")
        self._position = 0

    def need(self, length: int) -> None:
        """Accept that the message has ``length`` bytes or more.

        Raises:
            Undecodable: it has fewer.
        """
        if len(self._data) < length:
            raise too_short(len(self._data), length)

    def has(self, length: int) -> bool:
        """Say whether the message has ``length`` bytes or more."""
        return len(self._data) >= length

    def take(self, count: int) -> int:
        """Return the next ``count`` bits."""
        taken = self._number & ((1 << count) - 1)
        self._number >>= count
        self._position += count
        return taken

    def signed(self, count: int) -> int:
        """Return the next ``count`` bits as two's complement."""
        taken = self.take(count)
        return taken - (1 << count) if taken >> (count - 1) else taken

    def flag(self) -> bool:
        """Return the next bit."""
        return bool(self.take(1))

    def rest(self) -> bytes:
        """Return the bytes of which nothing was read."""
        return self._data[-(-self._position // _BITS_OF_A_BYTE) :]
