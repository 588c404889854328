"""The list of connectors: a report is believed as far as it can be checked."""

import pytest
from msgspec.structs import replace

from application.connectors import listed
from application.ports.connector_reports import ConnectorReport, ConnectorState

S = 1_000_000
NOW_US = 1_800_000_000 * S


def a_report(
    name: str = "swu-water-ttn", state: ConnectorState = "RUNNING", *, ago_s: float = 1.0, since_s: float = 3_600.0
) -> ConnectorReport:
    """Return what a connector said ``ago_s`` ago, in its state for ``since_s``."""
    reported_us = NOW_US - int(ago_s * S)
    return ConnectorReport(
        name, "ttn_uplinks", state, NOW_US - int(since_s * S), reported_us, reported_us + 30 * S, host="ulm-1", pid=7
    )


def trouble_of(report: ConnectorReport) -> str:
    """Return what is wrong with the connector of ``report``."""
    [row] = listed({report.name: report.kind}, [report], NOW_US)
    return row.trouble.reason if row.trouble is not None else ""


def test_one_that_reports_is_well() -> None:
    assert trouble_of(a_report()) == ""


def test_one_that_nobody_ever_ran_is_unassigned() -> None:
    [row] = listed({"metadata-csv": "radio_metadata_to_csv"}, [], NOW_US)
    assert row.state == "UNASSIGNED"
    assert row.trouble is not None
    assert row.trouble.reason == "never_seen"
    assert row.trouble.remedy == "start `stadtfunk connect --only metadata-csv`"


def test_one_that_says_nothing_any_more_runs_nowhere_whatever_it_said_last() -> None:
    [row] = listed({"swu-water-ttn": "ttn_uplinks"}, [a_report(ago_s=31)], NOW_US)
    assert row.state == "UNASSIGNED"
    assert row.trouble is not None
    assert row.trouble.what == "it says RUNNING, and has said nothing for 31 s (process 7 on ulm-1)"


def test_one_that_failed_says_why() -> None:
    report = replace(a_report(state="FAILED"), last_error="mqtt://ulm:1883 refuses us", next_by_us=0)
    [row] = listed({"swu-water-ttn": "ttn_uplinks"}, [report], NOW_US)
    assert row.trouble is not None
    assert (row.state, row.trouble.reason, row.trouble.what) == ("FAILED", "failed", "mqtt://ulm:1883 refuses us")


def test_one_whose_canary_is_overdue_has_failed_though_it_says_running() -> None:
    report = replace(a_report(), canary_every_us=60 * S, canary_sent_us=NOW_US - 121 * S, canary_due_us=NOW_US - S)
    [row] = listed({"swu-water-ttn": "ttn_uplinks"}, [report], NOW_US)
    assert row.trouble is not None
    assert (row.state, row.trouble.reason) == ("FAILED", "canary_overdue")


def test_a_canary_under_way_is_nothing_to_complain_of() -> None:
    report = replace(a_report(), canary_every_us=60 * S, canary_back_us=NOW_US - 61 * S, canary_due_us=NOW_US + S)
    assert trouble_of(report) == ""


@pytest.mark.parametrize("back_s, expected", [(239, ""), (241, "no_canary")])
def test_one_that_cannot_send_canaries_is_not_known_to_be_well(back_s: int, expected: str) -> None:
    report = replace(a_report(), canary_every_us=60 * S, canary_back_us=NOW_US - back_s * S)
    assert trouble_of(report) == expected


def test_one_that_has_just_started_has_no_canary_yet() -> None:
    assert trouble_of(replace(a_report(since_s=30), canary_every_us=60 * S)) == ""


@pytest.mark.parametrize("since_s, expected", [(30, ""), (90, "stopped")])
def test_one_that_was_stopped_is_to_be_started_again_after_a_while(since_s: int, expected: str) -> None:
    assert trouble_of(replace(a_report(state="STOPPED", since_s=since_s), next_by_us=0)) == expected


@pytest.mark.parametrize("since_s, expected", [(30, ""), (90, "disconnected")])
def test_one_without_a_connection_is_told_after_a_while(since_s: int, expected: str) -> None:
    assert trouble_of(a_report(state="RESTARTING", since_s=since_s)) == expected


def test_why_there_is_no_connection_comes_before_the_canary_that_cannot_be_sent_for_it() -> None:
    away = replace(
        a_report(state="RESTARTING", since_s=90),
        canary_every_us=S,
        last_error="127.0.0.1:1883 cannot be reached: Connection refused",
        last_error_us=NOW_US - 3 * S,
    )
    [row] = listed({away.name: away.kind}, [away], NOW_US)
    assert row.trouble is not None
    assert (row.trouble.reason, row.trouble.what) == (
        "disconnected",
        "it has had no connection for 90 s: 127.0.0.1:1883 cannot be reached: Connection refused",
    )


def test_an_error_of_before_is_not_why_there_is_no_connection_now() -> None:
    away = replace(a_report(state="RESTARTING", since_s=90), last_error="old", last_error_us=NOW_US - 100 * S)
    [row] = listed({away.name: away.kind}, [away], NOW_US)
    assert row.trouble is not None
    assert row.trouble.what == "it has had no connection for 90 s"


def test_one_that_is_paused_is_well() -> None:
    paused = replace(a_report(state="PAUSED"), next_by_us=0)
    [row] = listed({paused.name: paused.kind}, [paused], NOW_US, paused={paused.name})
    assert (row.state, row.trouble) == ("PAUSED", None)


def test_one_that_was_paused_and_is_to_run_now_is_missed() -> None:
    assert trouble_of(replace(a_report(state="PAUSED", ago_s=3_600), next_by_us=0)) == "paused"


def test_each_instance_stands_in_the_list() -> None:
    reports = [replace(a_report(), instance=each) for each in ("connect-0", "connect-1")]
    rows = listed({"swu-water-ttn": "ttn_uplinks"}, reports, NOW_US)
    assert [row.report.key for row in rows if row.report] == ["swu-water-ttn/connect-0", "swu-water-ttn/connect-1"]


def test_the_list_keeps_the_order_of_the_settings_and_ends_with_those_they_do_not_name() -> None:
    configured = {"c": "chirpstack", "a": "chirpstack"}
    rows = listed(configured, [a_report("a"), a_report("left-over"), a_report("c")], NOW_US)
    assert [row.name for row in rows] == ["c", "a", "left-over"]


@pytest.mark.parametrize("reports", [[], [a_report(ago_s=3_600)]])
def test_one_that_is_to_be_paused_is_missed_by_nobody(reports: list[ConnectorReport]) -> None:
    [row] = listed({"swu-water-ttn": "ttn_uplinks"}, reports, NOW_US, paused={"swu-water-ttn"})
    assert (row.state, row.trouble) == ("PAUSED", None)


def test_one_that_is_to_be_paused_and_still_runs_is_shown_as_it_is() -> None:
    [row] = listed({"swu-water-ttn": "ttn_uplinks"}, [a_report()], NOW_US, paused={"swu-water-ttn"})
    assert row.state == "RUNNING"
