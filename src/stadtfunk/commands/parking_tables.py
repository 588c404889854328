"""Tables of spots and zones."""

from collections.abc import Sequence

from application.parking import SpotUse, StayOnSpot, ZoneState
from domain.parking import Overstay, SpotState, Turnover
from stadtfunk.commands.time_texts import between_text, length_text
from stadtfunk.tables import instant_text, show, table


def print_zones(zones: Sequence[ZoneState]) -> None:
    """Print zones, one a line."""
    if not zones:
        print("no parking zones")
        return
    counts = ("free", "occupied", "unknown", "out_of_service", "capacity", "overstayed")
    rows = [
        (each.zone.zone_id, each.zone.name, *(str(getattr(each.count.total, count)) for count in counts))
        for each in zones
    ]
    shown = tuple(count.replace("_", " ") for count in counts)
    show(table(("zone", "name", *shown), rows, right=shown))


def print_spots(spots: Sequence[SpotState]) -> None:
    """Print spots, one a line."""
    if not spots:
        print("no parking spots")
        return
    rows = [
        (
            each.spot.spot_id,
            each.spot.zone,
            each.spot.kind.value,
            each.occupancy.value.replace("_", " "),
            between_text(each.since),
            each.reason.replace("_", " "),
            _overstay(each.overstay),
        )
        for each in spots
    ]
    show(table(("spot", "zone", "kind", "state", "since (UTC)", "because", "overstay"), rows))


def print_use(use: SpotUse) -> None:
    """Print how a spot was used: turnover, time, then its stays."""
    facts = [
        ("from (UTC)", instant_text(use.since_ns)),
        ("until (UTC)", instant_text(use.until_ns)),
        ("arrivals", _arrivals(use.turnover)),
        ("occupied", length_text(use.time.occupied_ns)),
        ("free", length_text(use.time.free_ns)),
        ("unknown", length_text(use.time.unknown_ns)),
    ]
    rows = [
        (
            between_text(each.stay.since),
            between_text(each.stay.until),
            _stayed(each, use.until_ns),
            "" if each.stay.unbroken else "may be several",
            _overstay(each.overstay),
        )
        for each in use.stays
    ]
    tables = [table(("spot", use.spot_id), facts)]
    if rows:
        tables.append(table(("came (UTC)", "left (UTC)", "stayed", "doubt", "overstay"), rows, right=("stayed",)))
    show(*tables)


def _stayed(each: StayOnSpot, at_ns: int) -> str:
    shortest, longest = each.stay.shortest_ns(at_ns), each.stay.longest_ns(at_ns)
    if shortest == longest:
        return length_text(shortest)
    return f"{length_text(shortest)} to {length_text(longest) or 'any'}"


def _arrivals(turnover: Turnover) -> str:
    if turnover.count is not None:
        return str(turnover.count)
    return f"at least {turnover.least}" if turnover.most is None else f"{turnover.least} to {turnover.most}"


def _overstay(overstay: Overstay) -> str:
    return "" if overstay is Overstay.NO else overstay.value
