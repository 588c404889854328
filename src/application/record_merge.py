"""Changing master data: what is said of a record is put into what was known of it, and nothing else is touched.

Made for tables that people keep: a file that speaks of two columns leaves the others alone, a row that says nothing
new writes nothing, a bad row costs itself and no other, and the same file may be given again.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import get_args

import msgspec
from msgspec import Struct, field, structs

from application.all_pages import known
from application.errors import Unavailable
from application.ports.clock import Clock
from application.ports.master_data import MasterData, MasterRecord, Place, SharedMasterData, kind_of
from application.record_bounds import check_integers, check_length
from application.record_checks import RecordChecks
from domain.device import DeviceEntry
from domain.errors import DomainError, InvalidValue
from domain.identifiers import dev_eui

KINDS: dict[str, type[MasterRecord]] = {kind_of(each): each for each in get_args(MasterRecord) or (MasterRecord,)}
"""Every kind of master data by its name."""
SECRET_FIELDS = frozenset({"keys"})
"""Fields whose values nobody is shown."""
_HIDDEN = "(secret)"
_OURS = frozenset({"type", "written_us"})
"""Fields that the sender does not say."""
_AT_ONCE = 32
"""Records asked for together: a thousand one after the other would be seconds of waiting for Cassandra."""
_MOST_ROUNDS = 10
"""Each ends with another's change in between; two people and a table are done after three."""
_Place = Place
_Known = dict[_Place, MasterRecord | None]

Fields = dict[str, object]


class Draft(Struct, frozen=True):
    """What somebody says of a record."""

    kind: str
    fields: Fields
    """By name; numbers and truth values may be texts. Within a dictionary (``labels``) only the names given change."""

    def __repr__(self) -> str:
        """Return the draft without its values, of which some are secret."""
        return f"Draft({self.kind!r}, {sorted(self.fields)})"


class Change(Struct, frozen=True):
    """One field before and after, as text; a dictionary's entry is a field of its own."""

    field: str
    before: str
    after: str


class Merged(Struct, frozen=True):
    """What became of a draft."""

    action: str
    """``created``, ``changed``, ``unchanged`` or ``refused``."""
    key: str = ""
    changes: Sequence[Change] = ()
    refusal: Mapping[str, str] = field(default_factory=dict)
    """Of a refused draft: ``reason``, ``message``, ``field``, ``value``."""


class _Said(Struct):
    """A draft that is about something: what it says, and of which record."""

    kind: type[MasterRecord]
    place: _Place
    fields: Fields


class RecordMerge:
    """Merges drafts into the registry, one call after the other: of two at once neither undoes what the other says.

    The same holds for two processes, where the registry is one that both change (``SharedMasterData``).
    """

    def __init__(self, records: MasterData, clock: Clock) -> None:
        self._records = records
        self._clock = clock
        self._turn = asyncio.Lock()

    async def merge(self, drafts: Sequence[Draft], *, dry_run: bool = False) -> Sequence[Merged]:
        """Return what became, or with ``dry_run`` would become, of each of ``drafts``; later ones see earlier ones.

        Raises:
            Unavailable: not all could be stored; give all again.
        """
        said = [_said(draft) for draft in drafts]
        async with self._turn:
            before = await self._known([each for each in said if isinstance(each, _Said)])
            pending: dict[_Place, MasterRecord] = {}
            checks = RecordChecks(self._records)
            results = []
            for number, each in enumerate(said):
                if number % _AT_ONCE == 0:
                    await asyncio.sleep(0)  # a thousand at once would hold up ingest for 50 ms
                results.append(each if isinstance(each, Merged) else await self._merged(each, before, pending, checks))
            if pending and not dry_run:
                await self._put(said, before, pending, results)
        return results

    async def remove(self, kind: type[MasterRecord], key: str) -> None:
        """Take a record away; none is no error. A DevEUI may be written in any way.

        Raises:
            Unavailable: the store does not answer.
        """
        async with self._turn:
            found = await known(self._records, kind, key := _key_of(kind, key))
            await self._records.remove(kind, key, self._written_us(found))

    async def _put(
        self,
        said: Sequence[_Said | Merged],
        made_of: _Known,
        pending: dict[_Place, MasterRecord],
        results: list[Merged],
    ) -> None:
        """Store ``pending``; where another process was first, put what is said here into what it said.

        ``results`` then tell what that changed.
        """
        for _ in range(_MOST_ROUNDS):
            newer = await self._overtaken(made_of, pending)
            if not newer:
                return
            ours: dict[_Place, MasterRecord] = {}
            checks, made_of = RecordChecks(self._records), {**made_of, **newer}
            for number, each in enumerate(said):
                if isinstance(each, _Said) and each.place in newer:
                    results[number] = await self._merged(each, made_of, ours, checks)
            # Where nothing is to be put into theirs, theirs is: ours was announced, and perhaps later written.
            pending = {place: _later(ours.get(place, each), each, pending[place]) for place, each in newer.items()}
        raise Unavailable("others change the same records all the time: give them again")

    async def _overtaken(self, made_of: _Known, pending: dict[_Place, MasterRecord]) -> Mapping[_Place, MasterRecord]:
        """Store ``pending``; return the latest version of each that was made of an older one."""
        records = list(pending.values())
        if isinstance(self._records, SharedMasterData):
            before = {place: made_of[place] for place in pending}
            return await self._records.put_over(
                records, {place: each.written_us if each is not None else 0 for place, each in before.items()}
            )
        await self._records.put(records)
        return {}

    async def _merged(
        self, said: _Said, stored: _Known, pending: dict[_Place, MasterRecord], checks: RecordChecks
    ) -> Merged:
        before = pending.get(said.place) or stored[said.place]
        try:
            fields = _combined(_fields(before), said.fields)
            record = _record(said.kind, {**fields, "written_us": self._written_us(before)})
            changes = _changes(_fields(before), _fields(record))
            if before is not None and not changes:
                return Merged("unchanged", record.key)
            check_length(record.key, _fields(record))
            await checks.check(record)
        except DomainError as error:
            return _refused(error)
        pending[said.place] = record
        return Merged("created" if before is None else "changed", record.key, changes)

    async def _known(self, said: Sequence[_Said]) -> _Known:
        """Return what is known of the records that are spoken of."""
        kinds = {each.place: each.kind for each in said}
        places = list(kinds)
        found: _Known = {}
        for start in range(0, len(places), _AT_ONCE):
            some = places[start : start + _AT_ONCE]
            await asyncio.sleep(0)
            records = await asyncio.gather(*(known(self._records, kinds[place], place[1]) for place in some))
            found.update(zip(some, records, strict=True))
        return found

    def _written_us(self, before: MasterRecord | None) -> int:
        """Return a write time after which no clock of another machine takes the change back."""
        return max(self._clock.now_us(), before.written_us + 1 if before is not None else 0)


def _later(record: MasterRecord, *than: MasterRecord) -> MasterRecord:
    """Return ``record``, written later than all of ``than``."""
    return structs.replace(record, written_us=max(record.written_us, *(each.written_us + 1 for each in than)))


def _said(draft: Draft) -> _Said | Merged:
    """Return what ``draft`` says, or why it says nothing."""
    try:
        kind = kind_called(draft.kind)
        fields = _normalised(draft.fields)
        key = _record(kind, {**_combined({}, fields), "written_us": 0}).key
    except DomainError as error:
        return _refused(error)
    return _Said(kind, (draft.kind, key), fields)


def _refused(error: DomainError) -> Merged:
    return Merged("refused", refusal={"reason": error.reason, "message": error.message, **error.attributes})


def kind_called(name: str) -> type[MasterRecord]:
    """Return the kind of records called ``name``.

    Raises:
        InvalidValue: there is none.
    """
    kind = KINDS.get(name)
    if kind is None:
        known = ", ".join(sorted(KINDS))
        raise InvalidValue(f"there is no kind of records {name!r}, but {known}", field="kind", value=name)
    return kind


def shown(record: MasterRecord) -> Fields:
    """Return the fields of ``record`` as people may see them: of secrets only their names."""
    fields = _fields(record)
    for name in SECRET_FIELDS & fields.keys():
        secrets = fields[name]
        fields[name] = dict.fromkeys(secrets, _HIDDEN) if isinstance(secrets, dict) else _HIDDEN
    return fields


def _key_of(kind: type[MasterRecord], key: str) -> str:
    return dev_eui(key) if kind is DeviceEntry else key


def _normalised(said: Fields) -> Fields:
    """Return what is said, with DevEUIs as they are written here."""
    fields = {name: value for name, value in said.items() if name not in _OURS}
    if isinstance(device := fields.get("dev_eui"), str):
        fields["dev_eui"] = dev_eui(device)
    return fields


def _record(kind: type[MasterRecord], fields: Fields) -> MasterRecord:
    unknown = fields.keys() - set(kind.__struct_fields__) - _OURS
    if unknown:
        name = min(unknown)
        known = ", ".join(each for each in kind.__struct_fields__ if each not in _OURS)
        raise InvalidValue(f"{kind_of(kind)} has no field {name!r}, but {known}", field=name, value="")
    try:
        record = msgspec.convert(fields, kind, strict=False)
    except msgspec.ValidationError as error:
        raise _invalid(error, fields) from None
    check_integers(record)
    return record


def _invalid(error: msgspec.ValidationError, fields: Fields) -> InvalidValue:
    """Return the refusal of a field of the wrong kind: msgspec names it as ``$.place.latitude``."""
    message, _, path = str(error).partition(" - at ")
    name = path.strip("`").removeprefix("$").removeprefix(".")
    value = fields.get(name.partition(".")[0], "")
    if name.partition(".")[0] in SECRET_FIELDS:
        value = _HIDDEN
    return InvalidValue(f"{name or 'record'}: {message}", field=name, value=str(value))


def _fields(record: MasterRecord | None) -> Fields:
    """Return what a record says that is not its default."""
    if record is None:
        return {}
    fields: Fields = msgspec.to_builtins(record)
    return {name: value for name, value in fields.items() if name not in _OURS}


def _combined(before: Fields, said: Fields) -> Fields:
    fields = dict(before)
    for name, value in said.items():
        if isinstance(value, dict) and name != "place":
            known_entries = fields.get(name)
            entries = {**known_entries, **value} if isinstance(known_entries, dict) else value
            fields[name] = {entry: each for entry, each in entries.items() if each != ""}
        else:
            fields[name] = value
    return fields


def _changes(before: Fields, after: Fields) -> list[Change]:
    flat_before, flat_after = _flat(before), _flat(after)
    return [
        Change(name, _text(name, flat_before.get(name)), _text(name, flat_after.get(name)))
        for name in sorted(flat_before.keys() | flat_after.keys())
        if flat_before.get(name) != flat_after.get(name)
    ]


def _flat(fields: Fields) -> Fields:
    flat: Fields = {}
    for name, value in fields.items():
        if isinstance(value, dict):
            flat |= {f"{name}.{entry}": each for entry, each in value.items()}
        else:
            flat[name] = value
    return flat


def _text(name: str, value: object) -> str:
    if value is None:
        return ""
    if name.partition(".")[0] in SECRET_FIELDS:
        return _HIDDEN
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
