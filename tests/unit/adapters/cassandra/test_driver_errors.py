"""Each of the driver's errors becomes one of the application's."""

import pytest
from cassandra import (
    AuthenticationFailed,
    InvalidRequest,
    OperationTimedOut,
    Unauthorized,
    WriteTimeout,
)
from cassandra import Unavailable as TooFewReplicas
from cassandra.cluster import NoHostAvailable
from cassandra.connection import ConnectionShutdown, ProtocolVersionUnsupported
from cassandra.protocol import OverloadedErrorMessage, SyntaxException

from adapters.cassandra.driver_errors import TRANSIENT, translated
from adapters.cassandra.settings import ClusterSettings
from application.errors import ApplicationError, Refused, Unavailable, WrongShape

SETTINGS = ClusterSettings(contact_points=("a", "b"), local_dc="ulm", username="sink")


def nowhere(reason: Exception) -> NoHostAvailable:
    """Return that no host would do, and why."""
    return NoHostAvailable("Unable to connect to any servers", {"a:9042": reason})


@pytest.mark.parametrize(
    "error, kind, words",
    [
        (OperationTimedOut(), Unavailable, "no answer in time"),
        (WriteTimeout("2 of 3 answered", write_type=0), Unavailable, "2 of 3 answered"),
        (TooFewReplicas("1 of 2 alive"), Unavailable, "1 of 2 alive"),
        (OverloadedErrorMessage(0x1001, "too much", None), Unavailable, "too much"),
        (ConnectionShutdown("closed"), Unavailable, "closed"),
        (nowhere(ConnectionRefusedError(111, "refused")), Unavailable, "refused"),
        (nowhere(OSError(1, "[SSL: CERTIFICATE_VERIFY_FAILED]")), Refused, "CERTIFICATE_VERIFY_FAILED"),
        (NoHostAvailable("Unable to connect to any servers", ["a"]), Unavailable, "Unable to connect to any servers"),
        (nowhere(AuthenticationFailed("bad password")), Refused, "refuses user 'sink': bad password"),
        (Unauthorized("no MODIFY permission"), Refused, "refuses user 'sink': no MODIFY permission"),
        (nowhere(ProtocolVersionUnsupported("a:9042", 5)), WrongShape, "older than 4.0"),
        (InvalidRequest("unconfigured table t"), WrongShape, "unconfigured table t; run `stadtfunk migrate`"),
        (SyntaxException(0x2000, "no viable\nalternative", None), WrongShape, "no viable alternative"),
    ],
)
def test_an_error_says_what_is_wrong_where(error: Exception, kind: type[ApplicationError], words: str) -> None:
    known = translated(error, SETTINGS)
    assert isinstance(known, kind)
    assert words in known.message
    assert "a:9042, b:9042" in known.message
    assert "\n" not in known.message


def test_an_error_of_our_own_is_left_alone() -> None:
    assert translated(TypeError("not a batch"), SETTINGS) is None


@pytest.mark.parametrize("error", [InvalidRequest("x"), Unauthorized("x"), TypeError("x")])
def test_what_will_not_go_away_is_not_tried_again(error: Exception) -> None:
    assert not isinstance(error, TRANSIENT)
