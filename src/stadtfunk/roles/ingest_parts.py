"""The work of taking in, of either platform: what may end by itself, and what must not."""

from collections.abc import Mapping, Sequence

from application.ingest import Ingest
from stadtfunk.roles.supervision import Part
from stadtfunk.settings import SimulatedCitySourceSettings, SourceSettings


def parts_of(ingests: Mapping[str, Ingest], sources: Sequence[SourceSettings]) -> tuple[list[Part], list[Part]]:
    """Return the work of ``ingests``: what ends with its source, and what must not end before it is told to."""
    may_end: list[Part] = []
    lasting: list[Part] = []
    for ingest, source in zip(ingests.values(), sources, strict=True):
        is_bounded = isinstance(source, SimulatedCitySourceSettings) and source.uplinks > 0
        (may_end if is_bounded else lasting).append(ingest.run())
    return may_end, lasting
