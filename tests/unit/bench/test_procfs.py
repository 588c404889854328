"""Reading what the kernel tells."""

import os
import socket

import pytest

from bench.procfs import is_local, machine_time_of, process_time, server_at

_TICKS = os.sysconf("SC_CLK_TCK")


def test_waiting_for_a_disk_and_stolen_time_are_not_busy_and_guests_count_once() -> None:
    # user nice system idle iowait irq softirq steal guest guest_nice
    time = machine_time_of("cpu  10 20 30 400 50 6 7 80 9 9\ncpu0 1 1 1 1 1 1 1 1 1 1\n")

    assert time.total_s * _TICKS == pytest.approx(10 + 20 + 30 + 400 + 50 + 6 + 7 + 80)
    assert time.busy_s * _TICKS == pytest.approx(10 + 20 + 30 + 6 + 7)
    assert time.steal_s * _TICKS == pytest.approx(80)


def test_a_process_that_is_gone_has_used_nothing() -> None:
    assert process_time(2**22 + 1) == 0.0  # beyond the greatest process id of Linux


def test_whoever_listens_and_is_none_of_the_servers_is_not_looked_at() -> None:
    with socket.create_server(("127.0.0.1", 0)) as ours:
        assert server_at(ours.getsockname()[1]) is None


def test_only_loopback_addresses_are_this_machine() -> None:
    assert [is_local(host) for host in ("127.0.0.1", "192.0.2.1")] == [True, False]
