"""Where a message was published: ``…{application}/devices/{device}/{kind}``, in v2 and in v3 alike."""

_LONGEST = 1_024
"""Characters; application and device have up to 36 each. They become keys of our stores: absurd ones are not taken."""
_NAMED_BY_EUI = "eui-"
"""The console proposes ``eui-70b3d57ed0000001`` as the name of a device."""


def eui_in(topic: str) -> str:
    """Return the DevEUI in the name of the device, as the console proposes it; empty where it has another name."""
    name = parts_of(topic)[1]
    return name.removeprefix(_NAMED_BY_EUI) if name.startswith(_NAMED_BY_EUI) else ""


def kind_of(topic: str) -> str:
    """Return the kind of message alone, as ``parts_of`` does."""
    return topic.partition("/devices/")[2].partition("/")[2] if len(topic) <= _LONGEST else ""


def parts_of(topic: str) -> tuple[str, str, str]:
    """Return application, device and kind of message; all empty where ``topic`` is not made that way.

    A broker in between may have set a prefix before it. v3 writes ``application@tenant``, v2 the application alone.
    """
    head, _, rest = topic.partition("/devices/")
    device, _, kind = rest.partition("/")
    if not kind or len(topic) > _LONGEST:
        return "", "", ""
    return head.rpartition("/")[2].partition("@")[0], device, kind
