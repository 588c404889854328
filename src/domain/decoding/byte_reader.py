"""A payload read from front to back; little-endian, as most devices of the field write."""

from collections.abc import Iterator
from struct import Struct, error

from domain.decoding.refusals import malformed, too_long, too_short

_U16 = Struct("<H")
_I16 = Struct("<h")
_U32 = Struct("<I")
_I32 = Struct("<i")
_F32 = Struct("<f")


class ByteReader:
    """What is left to read of a payload; every read past its end is a refusal."""

    __slots__ = ("_data", "_length", "_position")

    def __init__(self, data: bytes, position: int = 0) -> None:
        self._data = data
        self._position = position
        self._length = len(data)

    @property
    def left(self) -> int:
        """How many bytes are left."""
        return self._length - self._position

    def u8(self) -> int:
        """Return an unsigned byte.

        Raises:
            Undecodable: the payload ends before; so do all the following.
        """
        position = self._position
        if position >= self._length:
            raise too_short(self._length, position + 1)
        self._position = position + 1
        return self._data[position]

    def i8(self) -> int:
        """Return a signed byte."""
        byte = self.u8()
        return byte - 256 if byte > 127 else byte  # noqa: PLR2004  two's complement of a byte

    def u16(self) -> int:
        """Return an unsigned number of two bytes."""
        return self.integers(_U16)[0]

    def i16(self) -> int:
        """Return a signed number of two bytes."""
        return self.integers(_I16)[0]

    def u24(self) -> int:
        """Return an unsigned number of three bytes."""
        return int.from_bytes(self.take(3), "little")

    def u32(self) -> int:
        """Return an unsigned number of four bytes."""
        return self.integers(_U32)[0]

    def i32(self) -> int:
        """Return a signed number of four bytes."""
        return self.integers(_I32)[0]

    def f32(self) -> float:
        """Return a binary32 number (IEEE 754), widened without loss; it may be no number."""
        value: float = _F32.unpack(self.take(4))[0]
        return value

    def integers(self, form: Struct) -> tuple[int, ...]:
        """Return the integers that ``form`` lays out, read at once."""
        position = self._position
        try:
            values = form.unpack_from(self._data, position)
        except error:
            raise too_short(self._length, position + form.size) from None
        self._position = position + form.size
        return values

    def each(self, form: Struct) -> Iterator[tuple[int, ...]]:
        """Return the integers that ``form`` lays out again and again, to the end."""
        size = form.size
        return form.iter_unpack(self.take(-(-self.left // size) * size))

    def take(self, count: int) -> bytes:
        """Return the next ``count`` bytes."""
        position = self._position
        end = position + count
        if end > self._length:
            raise too_short(self._length, end)
        self._position = end
        return self._data[position:end]

    def text(self, length: int | None = None) -> str:
        """Return a text in UTF-8 of ``length`` bytes; None: a byte before it counts them."""
        raw = self.take(self.u8() if length is None else length)
        try:
            return raw.decode()
        except UnicodeDecodeError:
            # The bytes stay unsaid: a mutilated frame may have a key where a text is expected.
            raise malformed(f"{len(raw)} bytes are no text in UTF-8") from None

    def rest(self) -> bytes:
        """Return all that is left."""
        position, self._position = self._position, self._length
        return self._data[position:]

    def end(self) -> None:
        """Accept that nothing is left.

        Raises:
            Undecodable: something is.
        """
        if self._position != self._length:
            raise too_long(self._length, self._position)
