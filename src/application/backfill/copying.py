"""From the store into the log: paced, and with the store's troubles told apart from ours."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing

from msgspec import Struct
from msgspec.structs import replace

from application.backfill.device_names import RegistryNames
from application.backfill.gaps import GapSearch
from application.backfill.plan import Plan
from application.errors import Refused, Unavailable
from application.ports.backfill_book import BackfillBook
from application.ports.clock import Clock
from application.ports.uplink_log import RawUplink, UplinkLog
from application.ports.uplink_storage import Asked, UplinkStorage
from application.stage_counts import StageCounts
from domain.identifiers import DevEui

_log = logging.getLogger(__name__)

_AT_ONCE = 25
"""Messages appended together: a millisecond or two of processing, and live ones have their turn."""
_REST = 4
"""Times as long as an append took the next one waits, whatever the rate: on a busy machine both last longer."""


class Means(Struct, frozen=True):
    """What backfill works with."""

    storage: UplinkStorage
    log: UplinkLog
    book: BackfillBook
    names: RegistryNames
    gaps: GapSearch
    clock: Clock


class StoreFailed(Exception):
    """The store did not tell all; ``why`` says what helps."""

    def __init__(self, why: str, *, refused: bool) -> None:
        super().__init__(why)
        self.why = why
        self.refused = refused


class Copying:
    """Idempotent: what is in the log already is known to processing as a repeat."""

    def __init__(self, plan: Plan, means: Means, at: Callable[[str], None]) -> None:
        self._plan = plan
        self._means = means
        self._at = at
        self.counts = StageCounts()

    async def copy(self, asked: Asked, dev_eui: str = "") -> int | None:
        """Copy what the store tells (of one device, if given) into the log, and return how many messages it told.

        None: the source has no name for the device, so the store cannot be asked.

        Raises:
            StoreFailed: it did not tell all.
            Unavailable: our log cannot be written, or our registry not be read.
        """
        if dev_eui:
            device = await self._means.names.device(DevEui(dev_eui))
            if device is None:
                _log.warning("%s: has no name for device %s, and cannot be asked for it", self._plan.source, dev_eui)
                return None
            asked = Asked(asked.since_us, asked.until_us, device.application_id, device.device_id)
        messages = 0
        async with aclosing(self._pages(asked)) as pages:
            async for uplinks in pages:
                for start in range(0, len(uplinks), _AT_ONCE):
                    await self._append(uplinks[start : start + _AT_ONCE])
                messages += len(uplinks)
        return messages

    async def _pages(self, asked: Asked) -> AsyncGenerator[Sequence[RawUplink], None]:
        """Yield what the store tells; its errors become ``StoreFailed``: nobody shall take them for ours."""
        pages = aiter(self._means.storage.stored(asked))
        while True:
            try:
                page = await anext(pages)
            except StopAsyncIteration:
                return
            except (Unavailable, Refused) as error:
                raise StoreFailed(error.message, refused=isinstance(error, Refused)) from error
            yield page

    async def _append(self, uplinks: Sequence[RawUplink]) -> None:
        self.counts.came_in += len(uplinks)
        # Received now: what of a page waits for its turn is not yet ours, and makes nobody look slow.
        now_us = self._means.clock.now_us()
        began_s = time.monotonic()
        await self._means.log.append([replace(uplink, received_us=now_us) for uplink in uplinks])
        took_s = time.monotonic() - began_s
        self.counts.out += len(uplinks)
        self._at("page_appended")
        await asyncio.sleep(max(len(uplinks) / self._plan.messages_per_s, _REST * took_s))
