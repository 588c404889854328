"""Every error of the application has its exit code, and whoever supervises can tell what helps."""

import pytest

from application.errors import ApplicationError, Fenced, NotFound, Refused, Unavailable, WrongShape
from stadtfunk.exit_codes import BUG, exit_code


@pytest.mark.parametrize(
    "error, code",
    [
        (NotFound("no device"), 1),
        (Refused("wrong password"), 2),
        (Unavailable("no broker"), 69),
        (Fenced("another instance"), 75),
        (WrongShape("missing topic"), 78),
    ],
)
def test_each_kind_of_error_has_its_code(error: ApplicationError, code: int) -> None:
    assert exit_code(error) == code


def test_no_kind_of_error_was_forgotten() -> None:
    kinds = [kind for kind in ApplicationError.__subclasses__() if kind.__module__ == ApplicationError.__module__]
    assert kinds
    assert [kind for kind in kinds if exit_code(kind("")) == BUG] == []


def test_an_error_that_nobody_named_is_a_bug() -> None:
    assert exit_code(ApplicationError("what?")) == 70
