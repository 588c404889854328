"""Where a message was published: ``…{application}/devices/{device}/{kind}``, in v2 and in v3 alike."""

_LONGEST = 1_024
"""Characters; application and device have up to 36 each. They become keys of our stores: absurd ones are not taken."""


def parts_of(topic: str) -> tuple[str, str, str]:
    """Return application, device and kind of message; all empty where ``topic`` is not made that way.

    A broker in between may have set a prefix before it. v3 writes ``application@tenant``, v2 the application alone.
    """
    head, _, rest = topic.partition("/devices/")
    device, _, kind = rest.partition("/")
    if not kind or len(topic) > _LONGEST:
        return "", "", ""
    return head.rpartition("/")[2].partition("@")[0], device, kind
