"""Which addresses only this machine reaches."""

import pytest

from application.loopback import is_loopback


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1.2.3", "::1"])
def test_only_this_machine_reaches_it(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["192.168.0.1", "::", "10.0.0.1", "broker.example", "127.0.0.1.example", ""])
def test_others_may_reach_it(host: str) -> None:
    assert not is_loopback(host)
