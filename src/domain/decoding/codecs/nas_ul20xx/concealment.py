"""Which frames may have keys among their bytes, decoded or not."""

from domain.decoding.codec import NO_CONTEXT, Payload, Undecodable
from domain.decoding.codecs.nas_ul20xx.multicast import CONFIGURATION
from domain.decoding.codecs.nas_ul20xx.protocols import CHAINED, CONFIGURATION_PORT, EITHER

_REQUEST_LENGTH = 2
"""A request for a multicast session names it and has no keys."""


def conceals(payload: Payload) -> bool:
    """Say whether keys may be among the bytes of ``payload``.

    They come on one port in the configuration of a multicast session, alone or in a chain of settings. A frame of that
    port that cannot be read may be a mutilated one of them; one that begins like them may have come on a wrong port.
    """
    data = payload.data
    if data[:1] == bytes((CONFIGURATION,)) and len(data) > _REQUEST_LENGTH:
        return True
    if payload.f_port != CONFIGURATION_PORT:
        return False
    return (data[:1] == bytes((CHAINED,)) and CONFIGURATION in data) or not _is_readable(payload)


def _is_readable(payload: Payload) -> bool:
    try:
        EITHER.decode(payload, NO_CONTEXT)
    except Undecodable:
        return False
    return True
