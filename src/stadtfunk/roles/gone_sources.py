"""Outages of sources that the settings do not have: booked as before if frames of them are known, else refused."""

import logging

from application.errors import Refused
from application.ports.device_memories import DeviceMemories
from stadtfunk.settings import Settings
from stadtfunk.settings.outage_checks import gone_sources, source_names

_log = logging.getLogger(__name__)


async def check_outages(settings: Settings, memories: DeviceMemories) -> None:
    """Warn of outages of sources that are gone, before any frame is booked.

    Looks at ``memories`` only where there is such an outage: on Kafka that may take seconds.

    Raises:
        Refused: nobody ever heard of a source: its name is mistyped, and nothing would be booked to the outage.
        Unavailable, WrongShape: what is remembered of devices cannot be read.
    """
    gone = gone_sources(settings)
    if not gone:
        return
    heard = await memories.heard_of({each.source for each in gone})
    if unheard := [each.path for each in gone if each.source not in heard]:
        known = ", ".join(sorted({*source_names(settings), *heard}))
        message = f"{'; '.join(unheard)}: no source has that name, and none ever had: one of {known} expected"
        raise Refused(message, setting="losses.outages")
    for each in gone:
        _log.warning(
            "%s: no source has that name any more; its frames are known, and go on being booked to this outage",
            each.path,
        )
