"""Tables of consumption, read-outs, read rates and exchange cases."""

from collections.abc import Sequence

from domain.meter import MSCONS, Calendar, Consumption, ExchangeCase, ReadOut, ReadRate, Reason
from stadtfunk.tables import show, table, unit_text, value_text


def print_consumption(values: Sequence[Consumption], calendar: Calendar) -> None:
    """Print consumption, one bucket a line, and the sum of each register."""
    rows = [
        (
            _local(value.since_ns, calendar),
            value.register.measurand,
            value.register.channel,
            _digits(value.value, value.exponent),
            unit_text(value.register.measurand),
            value.status.value,
            MSCONS[value.status],
            "yes" if value.billable else "no",
            _words(value.reasons, value.obstacles, value.method),
        )
        for value in values
    ]
    headings = ("from", "measurand", "channel", "used", "unit", "status", "MSCONS", "billable", "because")
    show(table(headings, rows, right=("used",)), table(("sum", "measurand", "channel", "unit"), _sums(values)))


def _sums(values: Sequence[Consumption]) -> list[tuple[str, str, str, str]]:
    """Return the sum of each register; where a bucket has no value, there is none of the whole."""
    sums: dict[tuple[str, str], list[Consumption]] = {}
    for value in values:
        sums.setdefault((value.register.measurand, value.register.channel), []).append(value)
    return [(_sum(each), measurand, channel, unit_text(measurand)) for (measurand, channel), each in sums.items()]


def _sum(values: Sequence[Consumption]) -> str:
    found = [value.value for value in values if value.value is not None]
    text = value_text(sum(found), values[0].exponent)
    return text if len(found) == len(values) else f"{text} in {len(found)} of {len(values)}"


def print_read_outs(values: Sequence[ReadOut], calendar: Calendar) -> None:
    """Print read-outs, one register a line."""
    if not values:
        print("no metering points")
        return
    rows = [
        (
            value.point,
            value.serial or value.meter,
            value.obis or f"{value.register.measurand} {value.register.channel}".rstrip(),
            _digits(value.value, value.exponent),
            unit_text(value.register.measurand),
            _local(value.reading_ns, calendar) if value.reading_ns else "",
            value.status.value,
            "yes" if value.billable else "no",
            _words(value.reasons, value.obstacles, value.method),
        )
        for value in values
    ]
    headings = ("point", "meter", "register", "value", "unit", "read", "status", "billable", "because")
    show(table(headings, rows, right=("value",)))


def print_read_rates(rates: Sequence[ReadRate], calendar: Calendar) -> None:
    """Print read rates, one group a line."""
    if not rates:
        print("no meters")
        return
    rows = [
        (
            calendar.day(rate.since_ns).isoformat(),
            rate.group.zone,
            rate.group.medium.value,
            rate.group.device_type or "unknown",
            str(rate.meters),
            str(rate.heard),
            str(rate.received),
            str(rate.expected),
            f"{100 * rate.received / rate.expected:.1f} %" if rate.expected else "",
        )
        for rate in rates
    ]
    numbers = ("meters", "heard", "read", "expected", "rate")
    show(table(("day", "zone", "medium", "type", *numbers), rows, right=numbers))


def print_exchange_cases(cases: Sequence[ExchangeCase], calendar: Calendar) -> None:
    """Print exchange cases, one a line."""
    if not cases:
        print("no exchange cases")
        return
    rows = [
        (
            case.point,
            case.meter,
            case.dev_eui,
            case.reported_serial,
            _local(case.earliest_ns, calendar),
            _local(case.latest_ns, calendar),
        )
        for case in cases
    ]
    show(table(("point", "meter", "device", "reads meter", "after", "before"), rows))


def _digits(value: int | None, exponent: int) -> str:
    return "" if value is None else value_text(value, exponent)


def _words(reasons: Sequence[Reason], obstacles: Sequence[Reason], method: str) -> str:
    """Return all that is to be said of a value; that it is not final its status says."""
    words = [*([method] if method else []), *reasons, *(each for each in obstacles if each is not Reason.NOT_FINAL)]
    return ", ".join(word.replace("_", " ") for word in dict.fromkeys(words))


def _local(at_ns: int, calendar: Calendar) -> str:
    """Return the wall clock with its offset, without which two hours of the year would be the same."""
    return calendar.local(at_ns).isoformat(sep=" ", timespec="minutes")
