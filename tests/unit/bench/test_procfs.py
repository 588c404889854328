"""Reading what the kernel tells."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bench.procfs import is_local, machine_time_of, process_time, server_at

_BUSY_SERVER = """
import os, socket
with socket.create_server(("127.0.0.1", 0)) as ours:
    low = os.open("/dev/null", os.O_RDONLY)
    os.dup2(ours.fileno(), 900)
    os.close(ours.detach())
    print(socket.socket(fileno=os.dup(900)).getsockname()[1], flush=True)
    while True:
        for number in range(100, 150):
            os.dup2(low, number)
        os.closerange(100, 150)
"""
"""Listens at its last descriptor, and closes those before it while they are looked at."""
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


def test_a_server_is_found_while_it_closes_files(tmp_path: Path) -> None:
    (tmp_path / "mosquitto").symlink_to(sys.executable)
    command = [str(tmp_path / "mosquitto"), "-c", _BUSY_SERVER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            port = int(server.stdout.readline())
            assert [server_at(port) for _ in range(30)] == [server.pid] * 30
        finally:
            server.kill()


def test_only_loopback_addresses_are_this_machine() -> None:
    assert [is_local(host) for host in ("127.0.0.1", "192.0.2.1")] == [True, False]
