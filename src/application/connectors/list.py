"""The list of connectors: what each says of itself, and whether that can be true.

A report is only words. What is believed is what can be checked from outside: that reports keep coming, that canaries
come back, that what is to run was ever seen.
"""

from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from application.ports.connector_reports import ConnectorReport, ConnectorState

_STOPPED_FOR_US = 60 * 1_000_000
"""A restart of a process, or its move to another machine, takes less; what is stopped for longer was forgotten."""
_US_PER_S = 1_000_000
_TRUE_STATE: Mapping[str, ConnectorState] = {"silent": "UNASSIGNED", "canary_overdue": "FAILED"}
"""What a connector is that goes on saying otherwise: nobody runs it, or it runs and does nothing."""
OF_THE_FAR_END = frozenset(("no_canary", "disconnected"))
"""Troubles that a new start of the process does not mend."""


class Trouble(Struct, frozen=True):
    """What is wrong with a connector, and what to do."""

    reason: str
    """``failed``, ``silent``, ``canary_overdue``, ``no_canary``, ``never_seen``, ``stopped``, ``paused`` or
    ``disconnected``."""
    what: str
    remedy: str


class Listed(Struct, frozen=True):
    """A connector of the settings, or one that reports without being among them."""

    name: str
    kind: str
    state: ConnectorState
    """What is true, as far as it can be checked; what it said itself stands in the report."""
    report: ConnectorReport | None
    """None: it was never seen."""
    trouble: Trouble | None
    """None: all is well."""


def listed(
    configured: Mapping[str, str],
    reports: Sequence[ConnectorReport],
    now_us: int,
    paused: Collection[str] = (),
) -> list[Listed]:
    """Return the connectors that are ``configured`` (kinds by name), each once or once for each instance.

    Those that are to be ``paused`` are missed by nobody. Reports of connectors that no settings name come last: their
    process runs with other settings, or is left over.
    """
    by_name: dict[str, list[ConnectorReport]] = {}
    for report in reports:
        by_name.setdefault(report.name, []).append(report)
    rows: list[Listed] = []
    for name, kind in configured.items():
        found = by_name.pop(name, [])
        if name in paused:
            found = [each for each in found if now_us <= each.next_by_us]
            rows += [_listed(each, now_us) for each in found] or [Listed(name, kind, "PAUSED", None, None)]
        else:
            rows += [_to_run(_listed(each, now_us)) for each in found] or [_never_seen(name, kind)]
    return rows + [_listed(each, now_us) for found in by_name.values() for each in found]


def _never_seen(name: str, kind: str) -> Listed:
    trouble = Trouble("never_seen", "no process ever ran it", f"start `stadtfunk connect --only {name}`")
    return Listed(name, kind, "UNASSIGNED", None, trouble)


def _to_run(row: Listed) -> Listed:
    """Return the row of a connector that is to run: paused it is only in the settings of a process of before."""
    if row.state != "PAUSED":
        return row
    what = "it was paused when it was last seen, and is to run now"
    return replace(row, trouble=Trouble("paused", what, f"start `stadtfunk connect --only {row.name}` again"))


def _listed(report: ConnectorReport, now_us: int) -> Listed:
    trouble = _trouble(report, now_us)
    state = _TRUE_STATE.get(trouble.reason, report.state) if trouble is not None else report.state
    return Listed(report.name, report.kind, state, report, trouble)


def _trouble(report: ConnectorReport, now_us: int) -> Trouble | None:  # noqa: PLR0911  a rule a line, the worst first
    """Return the worst of what is wrong."""
    start = f"start `stadtfunk connect --only {report.name}` again"
    if report.state == "FAILED":
        return Trouble("failed", report.last_error, f"mend it and {start}")
    if report.state == "PAUSED":
        return None
    if report.state == "STOPPED":
        if now_us - report.state_since_us < _STOPPED_FOR_US:
            return None
        return Trouble("stopped", f"it ended {_ago(report.state_since_us, now_us)}", f"{start}, or set paused = true")
    if now_us > report.next_by_us:
        where = f" (process {report.pid} on {report.host})" if report.pid else ""
        what = f"it says {report.state}, and has said nothing for {_seconds(report.reported_us, now_us)}{where}"
        return Trouble("silent", what, f"its process is dead, frozen or cut off from Kafka: {start}")
    if report.canary_due_us and now_us > report.canary_due_us:
        what = f"a canary sent {_ago(report.canary_sent_us, now_us)} has not come back"
        return Trouble("canary_overdue", what, f"it hangs though it is connected: {start}")
    if report.state == "RESTARTING" and now_us - report.state_since_us >= _STOPPED_FOR_US:
        return _disconnected(report, now_us)
    if report.canary_every_us and _is_without_canary(report, now_us):
        since = max(report.canary_back_us, report.state_since_us)
        what = f"the last canary came back {_ago(since, now_us)}"
        return Trouble(
            "no_canary", what, "no canary can be sent: see the log of its process, and whether the broker answers"
        )
    return None


def _disconnected(report: ConnectorReport, now_us: int) -> Trouble:
    """Return since when there is no connection, and why, if that was told since then."""
    why = f": {report.last_error}" if report.last_error_us >= report.state_since_us and report.last_error else ""
    what = f"it has had no connection for {_seconds(report.state_since_us, now_us)}{why}"
    return Trouble("disconnected", what, "see the log of its process, and whether the far end answers")


def _is_without_canary(report: ConnectorReport, now_us: int) -> bool:
    """Say whether for the time of three canaries none came back, since it runs."""
    since_us = max(report.canary_back_us, report.state_since_us)
    return now_us - since_us > 3 * report.canary_every_us + _STOPPED_FOR_US


def _ago(then_us: int, now_us: int) -> str:
    return f"{_seconds(then_us, now_us)} ago"


def _seconds(then_us: int, now_us: int) -> str:
    return f"{max(0, now_us - then_us) / _US_PER_S:.0f} s"
