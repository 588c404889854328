"""Rows in: what stands in somebody's tables, into the registry or among the readings.

What is there already in the same words is not written again, so a table may be read as often as one likes.
"""

from collections.abc import Mapping, Sequence
from hashlib import blake2b

from application.connectors.progress import Progress
from application.ports.clock import Clock
from application.ports.connector import BadRow, Rows, RowSource, SourceRow
from application.ports.dead_letters import DeadLetter, DeadLetters
from application.reading_import import Given, ReadingImport
from application.record_merge import Draft, Merged, RecordMerge

STAGE = "connect"
"""Of its dead letters."""
_MOST_TOLD = 10_000
"""Bad rows that are remembered, 1 MB: a table with more of them has other troubles."""


class RowConnector:
    """Stores rows, then acknowledges them; a row that is refused stands among the dead letters before that."""

    def __init__(
        self,
        name: str,
        source: RowSource,
        records: RecordMerge,
        readings: ReadingImport,
        dead_letters: DeadLetters,
        progress: Progress,
        clock: Clock,
    ) -> None:
        self._name = name
        self._source = source
        self._records = records
        self._readings = readings
        self._dead_letters = dead_letters
        self._clock = clock
        self._told: dict[str, None] = {}
        """Ids of the dead letters that were added last, oldest first."""
        self.progress = progress
        self.counts = progress.counts

    async def run(self) -> None:
        """Work until ``stop``, or until the source has come to its end."""
        while (rows := await self._source.receive()) is not None:
            self.counts.came_in += len(rows.rows)
            refused = await self._settle(rows)
            await self._source.acknowledge(rows, refused)
            self.progress.note_lag(rows.waiting)
            self.progress.succeeded(rows.changed_us)

    async def stop(self) -> None:
        """Look at no more rows."""
        self._source.stop()

    async def _settle(self, rows: Rows) -> Mapping[int, BadRow]:
        """Store what is good, keep what is not, then count both; return what was refused, by its number."""
        refused = {number: row.said for number, row in enumerate(rows.rows) if isinstance(row.said, BadRow)}
        unchanged = await self._records_settled(rows, refused) + await self._readings_settled(rows, refused)
        if refused:
            now_us = self._clock.now_us()
            await self._tell([self._letter(rows.rows[at], bad, now_us) for at, bad in refused.items()])
        self.counts.dead += len(refused)
        self.counts.redelivered += unchanged
        self.counts.out += len(rows.rows) - len(refused) - unchanged
        return refused

    async def _tell(self, letters: Sequence[DeadLetter]) -> None:
        """Add ``letters`` that are news: some sources give a bad row again with every look."""
        news = {each.letter_id: each for each in letters if each.letter_id not in self._told}
        if news:
            await self._dead_letters.add(list(news.values()))
        self._told |= dict.fromkeys(news)
        for letter_id in list(self._told)[: max(0, len(self._told) - _MOST_TOLD)]:
            del self._told[letter_id]

    async def _records_settled(self, rows: Rows, refused: dict[int, BadRow]) -> int:
        """Merge what is said of records; return how many rows said nothing new."""
        drafts = {number: row.said for number, row in enumerate(rows.rows) if isinstance(row.said, Draft)}
        if not drafts:
            return 0
        merged = dict(zip(drafts, await self._records.merge(list(drafts.values())), strict=True))
        refused.update({number: _bad(each) for number, each in merged.items() if each.refusal})
        return sum(each.action == "unchanged" for each in merged.values())

    async def _readings_settled(self, rows: Rows, refused: dict[int, BadRow]) -> int:
        """Import readings; return how many rows said nothing new."""
        given = {number: row.said for number, row in enumerate(rows.rows) if isinstance(row.said, Given)}
        if not given:
            return 0
        imported = dict(zip(given, await self._readings.import_readings(list(given.values())), strict=True))
        told = {number: each for number, each in imported.items() if each.action == "refused"}
        refused.update({number: BadRow(each.reason, each.message, each.field) for number, each in told.items()})
        return sum(each.action == "unchanged" for each in imported.values())

    def _letter(self, row: SourceRow, bad: BadRow, now_us: int) -> DeadLetter:
        digest = blake2b(f"{self._name}\0{row.origin}\0{bad.detail}\0".encode() + row.body, digest_size=8).hexdigest()
        return DeadLetter(
            letter_id=f"{bad.reason}-{digest}",
            reason=bad.reason,
            stage=STAGE,
            detail=bad.detail,
            origin=row.origin,
            source=self._name,
            topic="",
            received_us=now_us,
            body=row.body,
            dev_eui=_device(row),
        )


def _bad(merged: Merged) -> BadRow:
    refusal = merged.refusal
    return BadRow(refusal["reason"], refusal["message"], refusal.get("field", ""), refusal.get("value", ""))


def _device(row: SourceRow) -> str:
    if isinstance(row.said, Given):
        return row.said.device
    if isinstance(row.said, Draft):
        return str(row.said.fields.get("dev_eui", ""))
    return ""
