"""The framing of an answer: documents of JSON, each on a line of its own, with empty lines between them.

The Things Stack calls it ``text/event-stream`` and separates documents by two line breaks, without the field names of
server-sent events (lorawan-stack ``pkg/jsonpb/ttn.go``). Whatever stands before it on the way may add them
(``data: ``), so both are read; comments and other fields (WHATWG HTML, section 9.2.6) are skipped.
"""

from collections.abc import Iterator

LONGEST = 4_000_000
"""Bytes of a document; an uplink heard by a hundred gateways has 60 kB."""
_OTHER_FIELDS = (b":", b"event:", b"id:", b"retry:")


class TooLong(Exception):
    """A document without an end: this is no store of messages."""


class EventStream:
    """Cuts bytes, as they come, into documents."""

    def __init__(self) -> None:
        self._rest = b""

    def documents(self, data: bytes) -> Iterator[bytes]:
        """Yield the documents that ``data`` completes.

        Raises:
            TooLong: one has more than 4 MB.
        """
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > LONGEST:
            raise TooLong
        for line in lines:
            yield from _document(line)

    def last(self) -> Iterator[bytes]:
        """Yield what stands after the last line break, once the stream has ended as it should."""
        rest, self._rest = self._rest, b""
        yield from _document(rest)


def _document(line: bytes) -> Iterator[bytes]:
    text = line.strip()
    if text.startswith(b"data:"):
        text = text[len(b"data:") :].lstrip()
    elif text.startswith(_OTHER_FIELDS):
        return
    if text:
        yield text
