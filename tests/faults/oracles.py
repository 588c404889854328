"""What must be true of a platform after a fault, whatever the fault was."""

import asyncio
import time
from collections import Counter
from collections.abc import Collection, Hashable
from typing import TypeVar

from msgspec import Struct

from adapters.grpc.client import GrpcClient
from application.errors import ApplicationError
from tests.e2e.truth import Truth, poison_of, served_frames, served_readings
from tests.faults.availability import Watch
from tests.faults.target import Target

_DEADLINE_S = 300.0
_QUIET_S = 1.5
"""Nothing was written for so long: it may be done, and is asked."""
_MOST_SHOWN = 3
_Key = TypeVar("_Key", bound=Hashable)


class Verdicts(Struct):
    """What was found; an empty text is a yes, else it says what differs."""

    readings: str
    """Every reading that the city knows to be true is served exactly once, with its value, channel and time."""
    frames: str
    """Received, missing, duplicate, late, empty and undecodable of each device are what the city knows."""
    balance: str
    """No stage has taken in a record that it did not account for."""
    letters: str
    """The city's poison stands among the dead letters, each message once, and nothing else does."""

    @property
    def all_hold(self) -> bool:
        """Whether every oracle says yes."""
        return not any((self.readings, self.frames, self.balance, self.letters))


async def judged(
    target: Target, truth: Truth, letters_before: Collection[str], apart: Collection[str], watch: Watch
) -> Verdicts:
    """Return the verdicts once all hold, or those of the last look before the deadline."""
    deadline = time.monotonic() + _DEADLINE_S
    while True:
        await _quiet(watch, deadline)
        verdicts = await _look(target, truth, letters_before, apart)
        if verdicts.all_hold or time.monotonic() > deadline:
            return verdicts


async def _quiet(watch: Watch, deadline: float) -> None:
    while watch.rows.quiet_s < _QUIET_S and time.monotonic() < deadline:
        await asyncio.sleep(_QUIET_S / 5)


async def _look(target: Target, truth: Truth, before: Collection[str], apart: Collection[str]) -> Verdicts:
    try:
        async with target.client() as client:
            frames, readings = await _frames(client, truth), await _readings(client, truth)
        letters = [each for each in await target.letters() if each.letter_id not in before and each.topic not in apart]
    except ApplicationError as error:
        await asyncio.sleep(_QUIET_S)
        return Verdicts(error.message, error.message, error.message, error.message)
    poison = _difference(poison_of(letters), Counter(each.topic for each in truth.poison))
    return Verdicts(readings, frames, "" if target.is_at_rest() else _laws(target), poison)


async def _frames(client: GrpcClient, truth: Truth) -> str:
    served = await served_frames(client, truth)
    differing = [
        f"{device} has {served[device]}, not {frames}"
        for device, frames in truth.frames.items()
        if served[device] != frames
    ]
    return _short(differing)


async def _readings(client: GrpcClient, truth: Truth) -> str:
    return _difference(await served_readings(client, truth), truth.reading_keys)


def _difference(found: Counter[_Key], expected: Counter[_Key]) -> str:
    lacking = [f"{key} is missing" for key, times in expected.items() if found[key] < times]
    more = [f"{key} is too much" for key, times in found.items() if times > expected[key]]
    return _short([*lacking, *more])


def _laws(target: Target) -> str:
    return "; ".join(str(each.laws()) for each in target.processes.values())


def _short(differences: list[str]) -> str:
    if not differences:
        return ""
    return f"{len(differences)}: {'; '.join(differences[:_MOST_SHOWN])}"
