"""Readings (port 3): behind the header a running number, then sections of a type and a fixed length.

Source: as the package.
"""

from domain.decoding.codec import Context, Decoded, Notice, Payload
from domain.decoding.codecs.alphaomega_klax.header import HEADER, header
from domain.decoding.codecs.alphaomega_klax.history import History
from domain.decoding.codecs.alphaomega_klax.sections import sections_of
from domain.observation import register

_MESSAGE = 2
_FIRST_SECTION = HEADER + _MESSAGE
_MESSAGES = tuple(register("device.message_count", "up", number) for number in range(256))


def application(payload: Payload, context: Context) -> Decoded:
    """Return what the sections of one packet say.

    Raises:
        Undecodable: the header is cut short or of an unknown kind of reader.
    """
    data = payload.data
    head = header(data, _FIRST_SECTION)
    history = History(payload, context)
    history.now += (head.battery, _MESSAGES[data[HEADER]])
    history.notices += head.notices
    sections = sections_of(head)
    position = _FIRST_SECTION
    while position < len(data):
        section = sections.get(data[position])
        end = position + 1 + section[0] if section is not None else 0
        if section is None or end > len(data):
            history.notices.append(Notice("section_unknown", data[position:].hex()))
            break
        section[1](data[position + 1 : end], history)
        position = end
    return Decoded(history.snapshots(), head.attributes, tuple(history.notices), _kept(context))


def _kept(context: Context) -> Context:
    """Return ``context`` without pieces, of which this codec leaves none."""
    return context if not context.fragments else Context(settings=context.settings)
