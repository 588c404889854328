"""The migrations as files, and settings that become part of statements."""

import re
from importlib.resources import files

import pytest

from adapters.cassandra.migration import statements
from adapters.cassandra.schema import TABLES
from adapters.cassandra.settings import ClusterSettings
from adapters.cassandra.statements import SCHEMA_VERSION
from application.errors import Refused


def test_the_migrations_make_the_tables_that_are_checked_for() -> None:
    made = re.findall(r"CREATE TABLE IF NOT EXISTS \{keyspace}\.(\w+) ", " ".join(statements()))
    assert sorted(made) == sorted(TABLES)


def test_every_statement_may_be_repeated() -> None:
    assert [statement for statement in statements() if "IF NOT EXISTS" not in statement] == []


def test_the_version_is_the_number_of_the_last_migration() -> None:
    numbers = [int(file.name[:4]) for file in files("adapters.cassandra").joinpath("migrations").iterdir()]
    assert sorted(numbers) == list(range(1, SCHEMA_VERSION + 1))


@pytest.mark.parametrize("keyspace", ["", "Stadtfunk", "1st", "a-b", "a b", "a;", "x" * 49, "städte"])
def test_a_keyspace_is_a_plain_name(keyspace: str) -> None:
    with pytest.raises(Refused, match="is no keyspace"):
        ClusterSettings(contact_points=("a",), local_dc="dc", keyspace=keyspace)
