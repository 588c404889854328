"""Where an event was published: ``…application/{application}/device/{devEui}/event/{event}``."""

_LONGEST = 1_024
"""Characters; an application's id has 36. It becomes a key of our stores: absurd ones are not taken."""


def parts_of(topic: str) -> tuple[str, str]:
    """Return application and event; both empty where ``topic`` is not made that way.

    A prefix before it, as a bridge may set one, does no harm.
    """
    place, is_event, event = topic.rpartition("/event/")
    head, is_device, _ = place.rpartition("/device/")
    if not (is_event and is_device and event) or len(topic) > _LONGEST:
        return "", ""
    return head.rpartition("/")[2], event


def device_in(topic: str) -> str:
    """Return what stands in the place of the DevEUI; empty where ``topic`` is not made that way."""
    place, is_event, _ = topic.rpartition("/event/")
    _, is_device, device = place.rpartition("/device/")
    return device if is_event and is_device else ""
