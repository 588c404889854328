"""What must be true of a platform after a fault, whatever the fault was."""

import asyncio
import time
from collections import Counter
from collections.abc import Collection, Hashable, Mapping
from typing import TypeVar

from msgspec import Struct

from application.errors import ApplicationError
from tests.e2e.truth import Truth, poison_of, served_frames, served_readings
from tests.faults.availability import Watch
from tests.faults.target import Target

_DEADLINE_S = 300.0
_QUIET_S = 1.5
"""Nothing was written for so long: it may be done, and is asked."""
_MOST_SHOWN = 3
_Key = TypeVar("_Key", bound=Hashable)
Frames = Mapping[str, tuple[int, int, int, int, int, int]]
"""Received, missing, duplicate, late, empty and undecodable of each device."""


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


class Question(Struct, frozen=True):
    """What is asked."""

    truth: Truth
    letters_before: Collection[str]
    """Ids of dead letters that were there before."""
    apart: Collection[str]
    """Topics whose dead letters are not the cities'."""
    lossy: bool
    """Something was lost before it could reach us: then it must be told as missing."""


async def judged(target: Target, question: Question, watch: Watch) -> Verdicts:
    """Return the verdicts once all hold, or those of the last look before the deadline."""
    deadline = time.monotonic() + _DEADLINE_S
    while True:
        await _quiet(watch, deadline)
        verdicts = await _look(target, question)
        if verdicts.all_hold or time.monotonic() > deadline:
            return verdicts


async def _quiet(watch: Watch, deadline: float) -> None:
    while watch.rows.quiet_s < _QUIET_S and time.monotonic() < deadline:
        await asyncio.sleep(_QUIET_S / 5)


async def _look(target: Target, question: Question) -> Verdicts:
    truth, lossy = question.truth, question.lossy
    try:
        async with target.client() as client:
            frames, readings = await served_frames(client, truth), await served_readings(client, truth)
        letters = [each for each in await target.letters() if each.letter_id not in question.letters_before]
    except ApplicationError as error:
        await asyncio.sleep(_QUIET_S)
        return Verdicts(error.message, error.message, error.message, error.message)
    poison = poison_of([each for each in letters if each.topic not in question.apart])
    return Verdicts(
        _difference(readings, truth.reading_keys, lossy=lossy),
        _told(frames, truth) if lossy else _frames(frames, truth),
        "" if target.is_at_rest() else _laws(target),
        _difference(poison, Counter(each.topic for each in truth.poison), lossy=lossy),
    )


def _frames(served: Frames, truth: Truth) -> str:
    differing = [
        f"{device} has {served[device]}, not {frames}"
        for device, frames in truth.frames.items()
        if served[device] != frames
    ]
    return _short(differing)


def _told(served: Frames, truth: Truth) -> str:
    """Return whose loss is not told: received and missing add up to what the device sent up to the last frame heard.

    The last of a device may be among the lost; then it has sent more than anybody can know.
    """
    lost, differing = 0, []
    for device, frames in truth.frames.items():
        (received, missing), (received_here, missing_here) = frames[:2], served[device][:2]
        lost += received - received_here
        if received_here + missing_here > received + missing or received_here > received:
            differing.append(f"{device} has {served[device]}, not {frames} or less")
    whole = sum(sum(served[device][:2]) == sum(truth.frames[device][:2]) for device in truth.frames)
    if not lost:
        differing.append("nothing was lost")
    if whole <= len(truth.frames) // 2:
        differing.append(f"of {len(truth.frames)} devices only {whole} know all that was lost")
    return _short(differing)


def _difference(found: Counter[_Key], expected: Counter[_Key], *, lossy: bool) -> str:
    lacking = [] if lossy else [f"{key} is missing" for key, times in expected.items() if found[key] < times]
    more = [f"{key} is too much" for key, times in found.items() if times > expected[key]]
    return _short([*lacking, *more])


def _laws(target: Target) -> str:
    return "; ".join(str(each.laws()) for each in target.processes.values())


def _short(differences: list[str]) -> str:
    if not differences:
        return ""
    return f"{len(differences)}: {'; '.join(differences[:_MOST_SHOWN])}"
