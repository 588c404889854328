"""Where a message was published: ``…{application}/devices/{device}/{kind}``, in v2 and in v3 alike."""


def parts_of(topic: str) -> tuple[str, str, str]:
    """Return application, device and kind of message; all empty where ``topic`` is not made that way.

    A broker in between may have set a prefix before it. v3 writes ``application@tenant``, v2 the application alone.
    """
    head, _, rest = topic.partition("/devices/")
    device, _, kind = rest.partition("/")
    if not kind:
        return "", "", ""
    return head.rpartition("/")[2].partition("@")[0], device, kind
